namespace UCaptcha.Server.Dialects;

/// <summary>The dialects that the JSON surface can speak.</summary>
internal static class DialectNames
{
    /// <summary>The native one.</summary>
    public const string UCaptcha = "ucaptcha";

    /// <summary>CapMonster Cloud's.</summary>
    public const string CapMonster = "capmonster";

    /// <summary>Anti-Captcha's.</summary>
    public const string AntiCaptcha = "anticaptcha";

    /// <summary>The API v2 of 2Captcha and RuCaptcha.</summary>
    public const string TwoCaptcha = "twocaptcha";

    /// <summary>CapSolver's.</summary>
    public const string CapSolver = "capsolver";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [UCaptcha, CapMonster, AntiCaptcha, TwoCaptcha, CapSolver];
}
