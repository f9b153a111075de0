using System.Globalization;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>How nodes tell one another: the sender's number, then the tasks that ended as <c>id:key</c>, or the word <c>left</c>.</summary>
internal static class NewsText
{
    public const string Channel = "ucaptcha_news";

    private const string LeftWord = "left";

    public static string Left(long node) => string.Create(CultureInfo.InvariantCulture, $"{node} {LeftWord}");

    /// <summary>Null for one's own news and for what is none of ours.</summary>
    public static TaskNews? Read(string text, long ownNode)
    {
        var words = text.Split(' ');
        if (!long.TryParse(words[0], CultureInfo.InvariantCulture, out var sender) || sender == ownNode)
            return null;
        if (words.Length > 1 && words[1] == LeftWord)
            return new TaskNews([], Orphans: true, Missed: false);
        var ended = new List<TaskNews.EndedTask>(words.Length - 1);
        foreach (var word in words.AsSpan(1))
        {
            if (word.Split(':') is [{ Length: 32 } id, var key] && long.TryParse(key, CultureInfo.InvariantCulture, out var keyId))
                ended.Add(new TaskNews.EndedTask(DbValue.ToId(Convert.FromHexString(id)), keyId));
        }

        return new TaskNews(ended, Orphans: false, Missed: false);
    }
}
