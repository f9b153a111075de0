using UCaptcha.Core;

namespace UCaptcha.Server.Admin;

/// <summary>Ids of tasks and callbacks: UUIDs.</summary>
internal static class Ids
{
    /// <exception cref="RefusedException">It is none.</exception>
    public static Guid Read(string field, string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw AdminRefusals.Bad(field, $"{field} must be a UUID.");

    /// <summary>Null when there is none.</summary>
    /// <exception cref="RefusedException">It is something else.</exception>
    public static Guid? ReadOptional(string field, string text) => text.Length == 0 ? null : Read(field, text);
}
