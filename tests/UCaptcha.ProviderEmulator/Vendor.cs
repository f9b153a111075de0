using System.Text.Json.Nodes;

namespace UCaptcha.ProviderEmulator;

/// <summary>How a vendor's wire looks: ids, money, errors, and the task types it takes with the fields they need.</summary>
internal sealed record Vendor
{
    private static readonly string[] Page = ["websiteURL", "websiteKey"];

    public required bool NumericIds { get; init; }

    /// <summary>How cost stands in a result: number, string or none.</summary>
    public required string Cost { get; init; }

    /// <summary>Numeric error ids as Anti-Captcha has them, else 1.</summary>
    public bool NumericErrors { get; init; }

    /// <summary>HTTP 400 or 401 for errors, else 200.</summary>
    public bool HttpErrors { get; init; }

    public required IReadOnlyDictionary<string, string[]> Types { get; init; }

    public required string UnsupportedCode { get; init; }

    /// <summary>Takes every type, whatever its fields.</summary>
    public bool TakesAll { get; init; }

    /// <summary>Types that need a proxy of the client's.</summary>
    public Func<string, bool> NeedsProxy { get; init; } = _ => false;

    public string? ProxyField { get; init; } = "proxyAddress";

    public static IReadOnlyDictionary<string, Vendor> All { get; } = new Dictionary<string, Vendor>(StringComparer.OrdinalIgnoreCase)
    {
        ["capmonster"] = new()
        {
            NumericIds = true,
            Cost = "number",
            UnsupportedCode = "ERROR_TASK_NOT_SUPPORTED",
            Types = new Dictionary<string, string[]>
            {
                ["RecaptchaV2Task"] = Page,
                ["NoCaptchaTask"] = Page,
                ["RecaptchaV2EnterpriseTask"] = Page,
                ["RecaptchaV3TaskProxyless"] = Page,
                ["RecaptchaV3EnterpriseTask"] = Page,
                ["HCaptchaTask"] = Page,
                ["TurnstileTask"] = Page,
                ["FunCaptchaTask"] = ["websiteURL", "websitePublicKey"],
                ["ImageToTextTask"] = ["body"],
                ["GeeTestTask"] = ["websiteURL", "gt", "version"],
                ["AmazonTask"] = ["websiteURL"],
                ["MTCaptchaTask"] = Page,
                ["ProsopoTask"] = Page,
                ["YidunTask"] = Page,
                ["BinanceTask"] = [.. Page, "validateId"],
                ["CustomTask"] = ["class", "websiteURL"],
                ["ComplexImageTask"] = ["class", "metadata"],
            },
        },
        ["generic"] = new()
        {
            NumericIds = false,
            Cost = "number",
            UnsupportedCode = "ERROR_TASK_NOT_SUPPORTED",
            TakesAll = true,
            Types = new Dictionary<string, string[]>(),
        },
        ["anticaptcha"] = new()
        {
            NumericIds = true,
            Cost = "string",
            NumericErrors = true,
            UnsupportedCode = "ERROR_TASK_NOT_SUPPORTED",
            NeedsProxy = type => !type.EndsWith("Proxyless", StringComparison.Ordinal) && type != "ImageToTextTask",
            Types = WithAndWithoutProxy("Proxyless", "RecaptchaV2Task", "RecaptchaV2EnterpriseTask", "TurnstileTask", "HCaptchaTask")
                .Append(new("RecaptchaV3TaskProxyless", [.. Page, "minScore"]))
                .Append(new("ImageToTextTask", ["body"]))
                .ToDictionary(),
        },
        ["twocaptcha"] = new()
        {
            NumericIds = true,
            Cost = "string",
            NumericErrors = true,
            UnsupportedCode = "ERROR_TASK_NOT_SUPPORTED",
            NeedsProxy = type => !type.EndsWith("Proxyless", StringComparison.Ordinal) && type != "ImageToTextTask",
            Types = WithAndWithoutProxy("Proxyless", "RecaptchaV2Task", "RecaptchaV2EnterpriseTask", "TurnstileTask")
                .Append(new("RecaptchaV3TaskProxyless", [.. Page, "minScore"]))
                .Append(new("ImageToTextTask", ["body"]))
                .ToDictionary(),
        },
        ["capsolver"] = new()
        {
            NumericIds = false,
            Cost = "none",
            HttpErrors = true,
            UnsupportedCode = "ERROR_TASK_NOT_SUPPORTED",
            NeedsProxy = type => !type.EndsWith("ProxyLess", StringComparison.Ordinal) && type != "ImageToTextTask",
            ProxyField = "proxy",
            Types = WithAndWithoutProxy("ProxyLess", "ReCaptchaV2Task", "ReCaptchaV2EnterpriseTask", "ReCaptchaV3Task", "ReCaptchaV3EnterpriseTask")
                .Append(new("AntiTurnstileTaskProxyLess", Page))
                .Append(new("ImageToTextTask", ["body"]))
                .ToDictionary(),
        },
    };

    /// <summary>What is wrong with a task, as the vendor's code, or null.</summary>
    public string? Refusal(JsonObject task)
    {
        if (TakesAll)
            return null;
        if (Text(task, "type") is not { } type || !Types.TryGetValue(type, out var needed))
            return UnsupportedCode;
        if (needed.Any(field => task[field] is null))
            return HttpErrors ? "ERROR_INVALID_TASK_DATA" : "ERROR_INVALID_TASK";
        return NeedsProxy(type) && Text(task, ProxyField!) is null ? "ERROR_PROXY_MISSING" : null;
    }

    /// <summary>The number of a code.</summary>
    public int ErrorId(string code) => !NumericErrors ? 1 : code switch
    {
        "ERROR_KEY_DOES_NOT_EXIST" => 1,
        "ERROR_NO_SLOT_AVAILABLE" => 2,
        "ERROR_ZERO_BALANCE" => 10,
        "ERROR_CAPTCHA_UNSOLVABLE" => 12,
        "ERROR_NO_SUCH_CAPCHA_ID" => 16,
        "ERROR_TASK_NOT_SUPPORTED" => 23,
        _ => 110,
    };

    public static string? Text(JsonObject task, string field) => task[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static IEnumerable<KeyValuePair<string, string[]>> WithAndWithoutProxy(string suffix, params string[] types) =>
        types.SelectMany(type => new KeyValuePair<string, string[]>[] { new(type, Page), new(type + suffix, Page) });
}
