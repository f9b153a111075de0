using System.Globalization;
using UCaptcha.Core;

namespace UCaptcha.Server.Admin;

/// <summary>Pages of lists: how large, and where the next one begins.</summary>
internal static class Paging
{
    private const int Default = 100;
    private const int Most = 500;

    /// <exception cref="RefusedException">It is out of range.</exception>
    public static int Size(int wanted) => wanted switch
    {
        0 => Default,
        > 0 and <= Most => wanted,
        _ => throw AdminRefusals.Bad("pageSize", "pageSize must be between 1 and 500."),
    };

    /// <summary>A position that is a number.</summary>
    /// <exception cref="RefusedException">The token is not one of ours.</exception>
    public static long Number(string token, long first) =>
        token.Length == 0 ? first
        : long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position
        : throw Foreign();

    /// <summary>A position that is an id, or null for the first page.</summary>
    /// <exception cref="RefusedException">The token is not one of ours.</exception>
    public static Guid? Id(string token) =>
        token.Length == 0 ? null
        : Guid.TryParseExact(token, "N", out var position) ? position
        : throw Foreign();

    /// <summary>The token for what comes behind an item; empty when the page was not full.</summary>
    public static string Next<T>(IReadOnlyList<T> page, int size, Func<T, long> position) =>
        page.Count < size ? "" : position(page[^1]).ToString(CultureInfo.InvariantCulture);

    /// <summary>The token for what comes behind an item; empty when the page was not full.</summary>
    public static string Next<T>(IReadOnlyList<T> page, int size, Func<T, Guid> position) =>
        page.Count < size ? "" : position(page[^1]).ToString("N");

    private static RefusedException Foreign() => AdminRefusals.Bad("pageToken", "pageToken is not one of this server's.");
}
