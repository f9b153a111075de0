using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace UCaptcha.Server.Services;

/// <summary>Shows a request to whoever sent it, with its secrets blotted out whatever they are called: the answer may end in a log or in a bug report.</summary>
internal static class RequestMirror
{
    private const string Blot = "***";
    private const int ShortestKey = 8;

    /// <summary>What a member with a secret is called, in small letters and without what parts its words.</summary>
    private static readonly string[] Names = ["key", "proxy", "pass", "user", "username"];

    /// <summary>How the name of one ends.</summary>
    private static readonly string[] Ends = ["password", "passwd", "secret", "login", "clientkey", "apikey", "authtoken", "authorization"];

    /// <summary>The members, secrets blotted out.</summary>
    /// <param name="members">The request.</param>
    /// <param name="key">The caller's key, with or without options behind it; blotted out wherever it stands.</param>
    public static Struct Of(Struct? members, string key)
    {
        var bare = key.Split("__")[0];
        return Of(members, bare.Length >= ShortestKey ? [key, bare] : [key]);
    }

    private static Struct Of(Struct? members, string[] keys)
    {
        var shown = new Struct();
        foreach (var (name, value) in members?.Fields.AsEnumerable() ?? [])
            shown.Fields[Clean(name, keys)] = IsSecret(name) ? Value.ForString(Blot) : Of(value, keys);
        return shown;
    }

    private static Value Of(Value value, string[] keys) => value.KindCase switch
    {
        Value.KindOneofCase.StructValue => Value.ForStruct(Of(value.StructValue, keys)),
        Value.KindOneofCase.ListValue => Value.ForList([.. value.ListValue.Values.Select(item => Of(item, keys))]),
        Value.KindOneofCase.StringValue => Value.ForString(Clean(value.StringValue, keys)),
        _ => value,
    };

    private static bool IsSecret(string name)
    {
        var letters = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Names.Contains(letters) || Ends.Any(end => letters.EndsWith(end, StringComparison.Ordinal));
    }

    private static string Clean(string text, string[] keys)
    {
        foreach (var key in keys.Where(key => key.Length > 0))
            text = text.Replace(key, Blot, StringComparison.Ordinal);
        return text.Contains('@', StringComparison.Ordinal) ? WithoutCredentials(text) : text;
    }

    /// <summary>Without user and password before a host, as in <c>http://user:password@host</c> and <c>user:password@host:port</c>.</summary>
    private static string WithoutCredentials(string text)
    {
        var shown = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOfAny(" \t\r\n\",;");
            var word = end < 0 ? rest : rest[..(end + 1)];
            rest = rest[word.Length..];
            var scheme = word.IndexOf("://", StringComparison.Ordinal);
            var start = scheme < 0 ? 0 : scheme + 3;
            var at = word.LastIndexOf('@');
            if (at > start && word[start..at].Contains(':'))
                shown.Append(word[..start]).Append(Blot).Append(word[at..]);
            else
                shown.Append(word);
        }

        return shown.ToString();
    }
}
