using System.Text.Json.Nodes;

namespace UCaptcha.ProviderEmulator;

/// <summary>Solutions in the documented shape of each type, around a token that says where it comes from, so that a test can tell.</summary>
internal static class Solutions
{
    private const string UserAgent = "Mozilla/5.0 (emulated)";

    public static JsonObject Of(Instance instance, EmulatedTask task)
    {
        // A task may bring the solution that it wants.
        if (task.Body["emulatedSolution"] is JsonObject wanted)
            return (JsonObject)wanted.DeepClone();
        var token = $"EMU-{instance.Settings.Name}-{task.Id}{new string('.', instance.Settings.Padding)}";
        var type = Vendor.Text(task.Body, "type")!;
        // Anti-Captcha, 2Captcha and CapSolver have two names for a type.
        if (type.EndsWith("Proxyless", StringComparison.OrdinalIgnoreCase))
            type = type[..^"Proxyless".Length];
        return type switch
        {
            "CustomTask" => OfClass(Vendor.Text(task.Body, "class")!, token),
            "ComplexImageTask" => Image(Vendor.Text(task.Body, "class")!),
            "ImageToTextTask" => new JsonObject { ["text"] = token },
            "GeeTestTask" => task.Body["version"]?.ToString() == "4"
                ? new JsonObject { ["captcha_id"] = "id", ["lot_number"] = "lot", ["pass_token"] = token, ["gen_time"] = "1700000000", ["captcha_output"] = "output" }
                : new JsonObject { ["challenge"] = "challenge", ["validate"] = token, ["seccode"] = token + "|jordan" },
            "AmazonTask" when task.Body["wafType"]?.ToString() == "widget" => new JsonObject { ["token"] = token },
            "AmazonTask" => task.Body["cookieSolution"]?.ToString() == "true"
                ? new JsonObject { ["cookies"] = new JsonObject { ["aws-waf-token"] = token }, ["userAgent"] = UserAgent }
                : new JsonObject { ["captcha_voucher"] = token, ["existing_token"] = "existing" },
            "TurnstileTask" when Vendor.Text(task.Body, "cloudflareTaskType") is "cf_clearance" or "wait_room" => new JsonObject { ["cf_clearance"] = token },
            "MTCaptchaTask" or "MtCaptchaTask" or "ProsopoTask" or "YidunTask" or "FriendlyCaptchaTask" => new JsonObject { ["token"] = token },
            "AltchaTask" or "AltchaCaptchaTask" or "BasiliskTask" => new JsonObject { ["token"] = token },
            "DataDomeSliderTask" or "DatadomeSliderTask" => new JsonObject { ["cookie"] = "datadome=" + token + "; Path=/; Secure" },
            "TencentTask" => new JsonObject { ["appid"] = "app", ["ret"] = 0, ["ticket"] = token, ["randstr"] = "@rand" },
            "BinanceTask" => new JsonObject { ["token"] = token, ["userAgent"] = UserAgent },
            "HCaptchaTask" => new JsonObject { ["gRecaptchaResponse"] = token, ["respKey"] = "E0_key", ["userAgent"] = UserAgent },
            _ when type.Contains("Turnstile", StringComparison.Ordinal) || type.Contains("FunCaptcha", StringComparison.Ordinal) =>
                new JsonObject { ["token"] = token, ["userAgent"] = UserAgent },
            _ => new JsonObject { ["gRecaptchaResponse"] = token },
        };
    }

    private static JsonObject OfClass(string name, string token) => name switch
    {
        "DataDome" => Cookies("datadome", token),
        "Imperva" => Cookies("___utmvc", token),
        "Temu" => Cookies("verifyAuthToken", token),
        "tspd" => new JsonObject
        {
            ["Domains"] = new JsonObject { ["www.example.com"] = new JsonObject { ["Cookies"] = new JsonObject { ["TSPD_101"] = token } } },
        },
        "TenDI" => new JsonObject
        {
            ["data"] = new JsonObject { ["randstr"] = "@rand", ["ticket"] = token },
            ["headers"] = new JsonObject { ["User-Agent"] = UserAgent },
        },
        "Basilisk" => new JsonObject
        {
            ["data"] = new JsonObject { ["captcha_response"] = token },
            ["headers"] = new JsonObject { ["User-Agent"] = UserAgent },
        },
        "altcha" => new JsonObject { ["data"] = new JsonObject { ["token"] = token, ["number"] = 123456 } },
        "Castle" => new JsonObject { ["data"] = new JsonObject { ["tokens"] = new JsonArray(token) } },
        _ => new JsonObject { ["data"] = new JsonObject { ["token"] = token } },
    };

    private static JsonObject Image(string name) => name == "recognition"
        ? new JsonObject
        {
            ["answer"] = new JsonArray(new JsonObject { ["X"] = 69.5, ["Y"] = 201.9 }),
            ["metadata"] = new JsonObject { ["AnswerType"] = "Coordinate" },
        }
        : new JsonObject { ["answer"] = new JsonArray(true, false, true) };

    private static JsonObject Cookies(string name, string value) => new()
    {
        ["domains"] = new JsonObject
        {
            ["www.example.com"] = new JsonObject { ["cookies"] = new JsonObject { [name] = value }, ["localStorage"] = null },
        },
        ["url"] = null,
        ["fingerprint"] = null,
        ["headers"] = null,
        ["data"] = null,
    };
}
