namespace UCaptcha.Fuzz;

/// <summary>Secrets that are planted, and must come up in no log line and no answer.</summary>
internal static class Canaries
{
    public const string Key = "canary-key-71f3c0d29b";
    public const string OtherKey = "canary-other-key-5512ab";
    public const string WrongKey = "canary-wrong-key-80aa41";
    public const string ProxyPassword = "canary-proxy-word-3d9e";
    public const string AdminKey = "canary-admin-key-0be52f";
    public const string WrongAdminKey = "canary-wrong-admin-key-9d14";
    public const string Credential = "canary-credential-6c07";
    public const string WebhookSecret = "whsec_Y2FuYXJ5LXNlY3JldC1jYW5hcnktc2VjcmV0LWNhbmFyeQ==";
    public const string Account = "emulated-account-key";

    /// <summary>What the emulator's solutions begin with: no secret in an answer, but one in a log.</summary>
    private const string Solution = "EMU-";

    private static readonly string[] InAnswers = [Key, OtherKey, WrongKey, ProxyPassword, AdminKey, WrongAdminKey, Credential, WebhookSecret, Account];

    /// <summary>The secret that a text holds, or null.</summary>
    public static string? In(string text) => Array.Find(InAnswers, canary => text.Contains(canary, StringComparison.OrdinalIgnoreCase));

    /// <summary>The secret that a log line holds, or null.</summary>
    public static string? InLog(string line) => In(line) ?? (line.Contains(Solution, StringComparison.Ordinal) ? Solution : null);
}
