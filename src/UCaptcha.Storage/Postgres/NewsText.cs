using System.Globalization;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>How nodes tell one another: the sender's number, then the tasks that ended as <c>id:key</c>, or the word <c>left</c>, or what it says, a line for each.</summary>
internal static class NewsText
{
    public const string Channel = "ucaptcha_news";

    private const string LeftWord = "left";

    public static string Said(long node, IEnumerable<string> words) => string.Create(CultureInfo.InvariantCulture, $"{node}\n{string.Join('\n', words)}");

    public static string Left(long node) => string.Create(CultureInfo.InvariantCulture, $"{node} {LeftWord}");

    /// <summary>Null for one's own news and for what is none of ours.</summary>
    public static TaskNews? Read(string text, long ownNode)
    {
        if (text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end)
        {
            return long.TryParse(text.AsSpan(0, end), CultureInfo.InvariantCulture, out var node) && node != ownNode
                ? new TaskNews([], Orphans: false, Missed: false) { Node = node, Words = text[(end + 1)..].Split('\n') }
                : null;
        }

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
