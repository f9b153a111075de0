namespace UCaptcha.Server.Legacy;

/// <summary>Reasons for a refusal that only the older APIs tell apart. Each API has its own word for them.</summary>
internal static class LegacyCodes
{
    /// <summary>The body is larger than the server reads.</summary>
    public const string BodyTooLarge = "BODY_TOO_LARGE";

    /// <summary>The HTTP method is not one of the path's.</summary>
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";

    /// <summary>The key is missing, or no key looks like this.</summary>
    public const string KeyFormat = "KEY_FORMAT";

    /// <summary>The action is missing.</summary>
    public const string ActionMissing = "ACTION_MISSING";

    /// <summary>No id looks like this.</summary>
    public const string IdFormat = "ID_FORMAT";

    /// <summary>There is no solution to judge.</summary>
    public const string ReportNotRecorded = "REPORT_NOT_RECORDED";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [BodyTooLarge, MethodNotAllowed, KeyFormat, ActionMissing, IdFormat, ReportNotRecorded];
}
