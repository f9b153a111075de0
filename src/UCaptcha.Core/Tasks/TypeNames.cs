using System.Text.Json;

namespace UCaptcha.Core.Tasks;

/// <summary>Finds the family behind a task type, in any of the spellings of the field.</summary>
/// <remarks>
/// Services agree on the stem and differ in what surrounds it: RecaptchaV2TaskProxyless, ReCaptchaV2TaskProxyLess,
/// NoCaptchaTask, ReCaptchaV2EnterpriseInvisibleTokenProxyLess. So the name is taken apart: what it says of the proxy,
/// of Enterprise and of invisible, and the stem.
/// </remarks>
internal sealed class TypeNames(IReadOnlyDictionary<string, CaptchaFamily> families)
{
    private static readonly Dictionary<string, string> Stems = new(StringComparer.Ordinal)
    {
        ["recaptchav2"] = "RecaptchaV2",
        ["nocaptcha"] = "RecaptchaV2",
        ["recaptchav3"] = "RecaptchaV3",
        ["hcaptcha"] = "HCaptcha",
        ["hardcaptcha"] = "HCaptcha",
        ["popularcaptcha"] = "HCaptcha",
        ["turnstile"] = "Turnstile",
        ["antiturnstile"] = "Turnstile",
        ["cloudflareturnstile"] = "Turnstile",
        ["anticloudflare"] = "CloudflareChallenge",
        ["funcaptcha"] = "FunCaptcha",
        ["geetest"] = "GeeTestV3",
        ["amazon"] = "AwsWaf",
        ["antiawswaf"] = "AwsWaf",
        ["datadomeslider"] = "DataDome",
        ["mtcaptcha"] = "MtCaptcha",
        ["imagetotext"] = "ImageToText",
        ["friendlycaptcha"] = "FriendlyCaptcha",
        ["prosopo"] = "Prosopo",
        ["altcha"] = "Altcha",
        // Anti-Captcha's own npm client says so.
        ["altchacaptcha"] = "Altcha",
        ["incapsula"] = "Imperva",
        ["antiimperva"] = "Imperva",
        ["tencent"] = "Tencent",
        ["yidun"] = "Yidun",
        ["binance"] = "Binance",
        ["basilisk"] = "Basilisk",
        ["tspd"] = "Tspd",
        ["hunt"] = "Hunt",
        ["alibaba"] = "Alibaba",
        ["compleximage"] = "ComplexImage",
    };

    /// <summary>The classes of CapMonster's CustomTask.</summary>
    private static readonly Dictionary<string, string> Classes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DataDome"] = "DataDome",
        ["Imperva"] = "Imperva",
        ["Temu"] = "Temu",
        ["TenDI"] = "Tencent",
        ["Basilisk"] = "Basilisk",
        ["altcha"] = "Altcha",
        ["Castle"] = "Castle",
        ["tspd"] = "Tspd",
        ["HUNT"] = "Hunt",
        ["alibaba"] = "Alibaba",
        ["friendly"] = "FriendlyCaptcha",
    };

    public NamedFamily Resolve(string type, TaskMembers members)
    {
        var stem = type.ToLowerInvariant();
        var proxyless = TakeEnd(ref stem, "proxyless");
        if (!TakeEnd(ref stem, "task"))
            TakeEnd(ref stem, "token");
        var invisible = TakeEnd(ref stem, "invisible");
        var enterprise = TakeEnd(ref stem, "enterprise");
        invisible |= TakeEnd(ref stem, "invisible");
        if (stem == "custom")
            return new NamedFamily(families[ClassOf(members)], proxyless, invisible);
        if (!Stems.TryGetValue(stem, out var family))
            throw new RefusedException(ErrorCodes.TaskNotSupported, "task.type is not a task type that this server knows.", "task.type");
        return new NamedFamily(families[Refine(family, enterprise, members)], proxyless, invisible);
    }

    private string Refine(string family, bool enterprise, TaskMembers members)
    {
        switch (family)
        {
            case "RecaptchaV2" or "RecaptchaV3":
                return enterprise || IsTrue(members.Claim("isEnterprise")) ? family + "Enterprise" : family;
            case "GeeTestV3":
                return IsGeeTestV4(members) ? "GeeTestV4" : family;
            case "Turnstile":
                return members.Peek("cloudflareTaskType") is not null ? "CloudflareChallenge" : family;
            default:
                return family;
        }
    }

    private static string ClassOf(TaskMembers members) =>
        members.Claim("class") is { ValueKind: JsonValueKind.String } name && Classes.TryGetValue(name.GetString()!, out var family)
            ? family
            : throw new RefusedException(
                ErrorCodes.TaskNotSupported, $"task.class must be one of {string.Join(", ", Classes.Keys)}.", "task.class");

    private static bool IsGeeTestV4(TaskMembers members) =>
        members.Peek("version") is { } version && version.ToString() == "4"
        || members.Peek("captchaId") is not null
        || members.Peek("initParameters.captcha_id") is not null;

    private static bool IsTrue(JsonElement? value) => value is { } element && element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => element.ToString() == "1",
        JsonValueKind.String => element.GetString() is "true" or "1",
        _ => false,
    };

    private static bool TakeEnd(ref string name, string end)
    {
        if (!name.EndsWith(end, StringComparison.Ordinal))
            return false;
        name = name[..^end.Length];
        return true;
    }
}

/// <summary>What a task type says.</summary>
/// <param name="Family">The family.</param>
/// <param name="Proxyless">It names the proxyless form, so that a proxy is ignored.</param>
/// <param name="Invisible">It names the invisible form.</param>
internal sealed record NamedFamily(CaptchaFamily Family, bool Proxyless, bool Invisible);
