using System.Globalization;
using UCaptcha.Core;
using static UCaptcha.Server.Legacy.WordKind;

namespace UCaptcha.Server.Legacy.DeathByCaptcha;

/// <summary>The numbered captcha types and what each is made of.</summary>
internal static class DeathByCaptchaTypes
{
    private const int Picture = 0;

    private static readonly Word Page = new("pageurl", "websiteURL");
    private static readonly Word SiteKey = new("sitekey", "websiteKey");
    private static readonly Word GoogleKey = new("googlekey", "websiteKey");
    private static readonly Word Action = new("action", "pageAction");
    private static readonly Word UserAgent = new("userAgent", "userAgent");

    private static readonly Dictionary<int, DeathByCaptchaType> Rows = new()
    {
        [Picture] = new(null, new("ImageToTextTask", new Word("captchafile", "body", Image)) { ProxylessType = "ImageToTextTask" }),
        [4] = new("token_params", new("RecaptchaV2Task", GoogleKey, Page, new("data-s", "recaptchaDataSValue"), UserAgent)),
        [5] = new("token_params", new("RecaptchaV3Task", GoogleKey, Page, Action, new("min_score", "minScore", Number), UserAgent)),
        [6] = new("funcaptcha_params", new("FunCaptchaTask", new("publickey", "websitePublicKey"), Page, UserAgent)),
        [7] = new("hcaptcha_params", new("HCaptchaTask", SiteKey, Page, UserAgent)),
        [8] = new("geetest_params", new("GeeTestTask", new("gt", "gt"), new("challenge", "challenge"), Page, UserAgent)),
        [9] = new("geetest_params", new("GeeTestTask", new("captcha_id", "captchaId"), new("captchaid", "captchaId"), Page, UserAgent) { Constant = ("version", 4) }),
        [12] = new("turnstile_params", new("TurnstileTask", SiteKey, Page, Action, UserAgent)),
        [16] = new("waf_params", new("AmazonTask", SiteKey, Page, new("iv", "iv"), new("context", "context"), UserAgent)),
        [18] = new("mtcaptcha_params", new("MtCaptchaTask", SiteKey, Page, UserAgent)),
        [20] = new("friendly_params", new("FriendlyCaptchaTask", SiteKey, Page, UserAgent)),
        [21] = new("datadome_params", new("DataDomeSliderTask", new("captcha_url", "captchaUrl"), Page, UserAgent) { ProxylessType = "DataDomeSliderTask" }),
        [25] = new("token_enterprise_params", new("RecaptchaV2EnterpriseTask", GoogleKey, Page, UserAgent)),
    };

    /// <summary>Every number that has a row.</summary>
    public static IReadOnlyCollection<int> Numbers => Rows.Keys;

    /// <summary>The task that a call means, and the parameters it is made of.</summary>
    /// <exception cref="RefusedException">There is no such type, or its parameters cannot be read.</exception>
    public static (TaskWords Words, Parameters Parameters) Read(Parameters sent)
    {
        var number = Picture;
        if (sent.Text("type") is { } text && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            throw new RefusedException(ErrorCodes.BadParameters, "type must be a number.", "type");
        if (!Rows.TryGetValue(number, out var row))
            throw new RefusedException(ErrorCodes.TaskNotSupported, $"type must be one of {string.Join(", ", Rows.Keys)}.", "type");
        if (row.ParametersName is not { } name)
            return (row.Words, sent);
        if (sent[name] is not { } parameters)
            throw new RefusedException(ErrorCodes.BadParameters, $"{name} is missing.", name);
        return (row.Words, ParameterReader.ReadObject(name, parameters));
    }
}

/// <summary>A numbered captcha type.</summary>
/// <param name="ParametersName">The parameter that holds its own ones as JSON, or null when they stand in the form itself.</param>
/// <param name="Words">The task behind it.</param>
internal sealed record DeathByCaptchaType(string? ParametersName, TaskWords Words);
