namespace UCaptcha.Server.Dialects;

/// <summary>The dialects that the JSON surface can speak.</summary>
internal static class DialectNames
{
    /// <summary>The native one.</summary>
    public const string UCaptcha = "ucaptcha";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [UCaptcha];
}
