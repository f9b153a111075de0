using System.Globalization;
using UCaptcha.Core.Routing;

namespace UCaptcha.Server.Hosting;

/// <summary>How nodes tell one another what they know: a letter, then fields between spaces. What cannot be read is of a newer node and passed over.</summary>
internal static class JudgementWords
{
    public const char Breaker = 'b';
    public const char Address = 'a';
    public const char Key = 'k';

    public static string Of(BreakerNews news) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Breaker} {news.Account} {news.Revision} {(news.Open ? 1 : 0)} {(long)news.Left.TotalMilliseconds} {news.Openings} {Short(news.Reason)}");

    /// <param name="letter"><see cref="Address"/> or <see cref="Key"/>.</param>
    /// <param name="reset">The window's end in unix seconds.</param>
    /// <param name="who">The address or the key.</param>
    /// <param name="count">Requests in the window.</param>
    public static string Of(char letter, long reset, UInt128 who, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{letter} {reset} {who:x} {count}");

    public static BreakerNews? ReadBreaker(string[] fields) =>
        fields is [_, var account, var revision, var open, var left, var openings, var reason]
        && int.TryParse(revision, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(left, CultureInfo.InvariantCulture, out var ms)
        && int.TryParse(openings, CultureInfo.InvariantCulture, out var times)
            ? new BreakerNews(account, number, open == "1", TimeSpan.FromMilliseconds(ms), times, reason)
            : null;

    public static (long Reset, UInt128 Who, long Count)? ReadCount(string[] fields) =>
        fields is [_, var reset, var who, var count]
        && long.TryParse(reset, CultureInfo.InvariantCulture, out var end)
        && UInt128.TryParse(who, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var id)
        && long.TryParse(count, CultureInfo.InvariantCulture, out var number)
            ? (end, id, number)
            : null;

    /// <summary>A reason comes from a provider and may be anything.</summary>
    private static string Short(string reason)
    {
        var plain = string.Concat(reason.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_').Take(60));
        return plain.Length > 0 ? plain : "-";
    }
}
