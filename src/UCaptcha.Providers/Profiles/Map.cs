namespace UCaptcha.Providers.Profiles;

/// <summary>Field maps that several services share.</summary>
internal static class Map
{
    public static readonly string[] Page = ["websiteURL", "websiteKey", "userAgent"];

    public static IReadOnlyDictionary<string, string> RecaptchaV2 { get; } = Same([.. Page, "isInvisible", "recaptchaDataSValue", "apiDomain", "cookies"]);

    public static IReadOnlyDictionary<string, string> RecaptchaV2Enterprise { get; } =
        Same([.. Page, "isInvisible", "enterprisePayload", "recaptchaDataSValue", "apiDomain", "pageAction", "cookies"]);

    public static IReadOnlyDictionary<string, string> RecaptchaV3 { get; } = Same([.. Page, "pageAction", "minScore", "apiDomain"]);

    public static IReadOnlyDictionary<string, string> Image { get; } =
        Same("body", "phrase", "case", "numeric", "math", "minLength", "maxLength", "comment", "imgInstructions", "websiteURL");

    public static IReadOnlyDictionary<string, string> FunCaptcha { get; } = Same("websiteURL", "websitePublicKey", "funcaptchaApiJSSubdomain", "data", "userAgent");

    public static IReadOnlyDictionary<string, string> GeeTestV3 { get; } = Same("websiteURL", "gt", "challenge", "geetestApiServerSubdomain", "userAgent");

    public static IReadOnlyDictionary<string, string> HCaptcha { get; } = Same([.. Page, "isInvisible"]).With("data", "enterprisePayload.rqdata");

    public static IReadOnlyDictionary<string, string> AwsWaf { get; } = Same([.. Page, "iv", "context", "challengeScript", "captchaScript"]);

    public static IReadOnlyDictionary<string, string> Altcha { get; } = Same("websiteURL", "challengeURL", "challengeJSON", "userAgent");

    public static IReadOnlyDictionary<string, string> Yidun { get; } =
        Same([.. Page, "yidunGetLib", "yidunApiServerSubdomain", "challenge", "hcg", "hct"]);

    /// <summary>Fields that keep their names.</summary>
    public static Dictionary<string, string> Same(params string[] names) => names.ToDictionary(name => name, StringComparer.Ordinal);

    /// <summary>The same map with one more field.</summary>
    public static Dictionary<string, string> With(this IReadOnlyDictionary<string, string> map, string canonical, string vendor) =>
        new(map, StringComparer.Ordinal) { [canonical] = vendor };

    /// <summary>The same map with more fields, which keep their names inside an object.</summary>
    public static Dictionary<string, string> In(this IReadOnlyDictionary<string, string> map, string outer, params string[] names) =>
        map.Concat(names.Select(name => KeyValuePair.Create(name, $"{outer}.{name}"))).ToDictionary(StringComparer.Ordinal);

    /// <summary>The same map without some fields.</summary>
    public static Dictionary<string, string> Without(this IReadOnlyDictionary<string, string> map, params string[] names) =>
        map.Where(field => !names.Contains(field.Key)).ToDictionary(StringComparer.Ordinal);
}
