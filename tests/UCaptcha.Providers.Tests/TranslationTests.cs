using System.Text;
using System.Text.Json.Nodes;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers.Profiles;
using UCaptcha.Providers.Protocol;

namespace UCaptcha.Providers.Tests;

/// <summary>Each service gets a task in its own documented words.</summary>
public sealed class TranslationTests
{
    private const string Page = "\"websiteURL\":\"https://a.test/\",\"websiteKey\":\"k\"";
    private const string Web = "\"websiteURL\":\"https://a.test/\"";
    private const string Proxy = "\"proxy\":\"socks5://u:p@198.51.100.7:1080\"";
    private const string FiveFields = "\"proxyType\":\"socks5\",\"proxyAddress\":\"198.51.100.7\",\"proxyPort\":1080,\"proxyLogin\":\"u\",\"proxyPassword\":\"p\"";

    private static readonly Dictionary<string, ProviderProfile> Profiles = new()
    {
        ["capmonster"] = CapMonster.Profile,
        ["anticaptcha"] = AntiCaptcha.Profile,
        ["twocaptcha"] = TwoCaptcha.Profile,
        ["capsolver"] = CapSolver.Profile,
    };

    public static TheoryData<string, string, string> Golden => new()
    {
        { "capmonster", $$"""{"type":"RecaptchaV2TaskProxyless",{{Page}},"isInvisible":true}""", $$"""{"type":"RecaptchaV2Task",{{Page}},"isInvisible":true}""" },
        { "anticaptcha", $$"""{"type":"NoCaptchaTask",{{Page}}}""", $$"""{"type":"RecaptchaV2TaskProxyless",{{Page}}}""" },
        { "twocaptcha", $$"""{"type":"ReCaptchaV2TaskProxyLess",{{Page}}}""", $$"""{"type":"RecaptchaV2TaskProxyless",{{Page}}}""" },
        { "capsolver", $$"""{"type":"RecaptchaV2Task",{{Page}},"recaptchaDataSValue":"s"}""", $$$"""{"type":"ReCaptchaV2TaskProxyLess",{{{Page}}},"enterprisePayload":{"s":"s"}}""" },
        { "capmonster", $$"""{"type":"RecaptchaV2Task",{{Page}},{{Proxy}}}""", $$"""{"type":"RecaptchaV2Task",{{Page}},{{FiveFields}}}""" },
        { "anticaptcha", $$"""{"type":"RecaptchaV2Task",{{Page}},{{Proxy}}}""", $$"""{"type":"RecaptchaV2Task",{{Page}},{{FiveFields}}}""" },
        { "capsolver", $$"""{"type":"RecaptchaV2Task",{{Page}},{{Proxy}}}""", $$"""{"type":"ReCaptchaV2Task",{{Page}},"proxy":"socks5:198.51.100.7:1080:u:p"}""" },
        { "capmonster", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"minScore":0.4,"pageAction":"go"}""", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"minScore":0.4,"pageAction":"go"}""" },
        { "anticaptcha", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"minScore":0.4}""", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"minScore":0.7}""" },
        { "twocaptcha", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}}}""", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"minScore":0.3}""" },
        { "anticaptcha", $$"""{"type":"RecaptchaV3EnterpriseTask",{{Page}},"minScore":0.9}""", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"minScore":0.9,"isEnterprise":true}""" },
        { "capsolver", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"isEnterprise":1}""", $$"""{"type":"ReCaptchaV3EnterpriseTaskProxyLess",{{Page}}}""" },
        { "capmonster", $$"""{"type":"RecaptchaV3EnterpriseTask",{{Page}}}""", $$"""{"type":"RecaptchaV3EnterpriseTask",{{Page}}}""" },
        { "capmonster", $$"""{"type":"TurnstileTask",{{Page}},"action":"go","data":"c","pagedata":"d"}""", $$"""{"type":"TurnstileTask",{{Page}},"pageAction":"go","data":"c","pageData":"d"}""" },
        { "anticaptcha", $$"""{"type":"TurnstileTask",{{Page}},"pageAction":"go","data":"c"}""", $$"""{"type":"TurnstileTaskProxyless",{{Page}},"action":"go","cData":"c"}""" },
        { "twocaptcha", $$"""{"type":"TurnstileTask",{{Page}},"pageAction":"go","cData":"c","chlPageData":"d"}""", $$"""{"type":"TurnstileTaskProxyless",{{Page}},"action":"go","data":"c","pagedata":"d"}""" },
        { "capsolver", $$"""{"type":"TurnstileTask",{{Page}},"action":"go","cData":"c"}""", $$$"""{"type":"AntiTurnstileTaskProxyLess",{{{Page}}},"metadata":{"action":"go","cdata":"c"}}""" },
        { "capmonster", Image("\"capMonsterModule\":\"universal\",\"Case\":true"), Image("\"capMonsterModule\":\"universal\",\"case\":true") },
        { "capsolver", Image("\"module\":\"common\",\"math\":true"), Image("\"module\":\"common\"") },
        { "twocaptcha", Image("\"phrase\":false,\"numeric\":4,\"comment\":\"c\""), Image("\"phrase\":false,\"numeric\":4,\"comment\":\"c\"") },
        { "capmonster", $$$"""{"type":"DatadomeSliderTask",{{{Web}}},{{{Proxy}}},"captchaUrl":"u","userAgent":"ua"}""", $$$"""{"type":"CustomTask","class":"DataDome",{{{Web}}},{{{FiveFields}}},"userAgent":"ua","metadata":{"captchaUrl":"u"}}""" },
        { "twocaptcha", $$$"""{"type":"CustomTask","class":"datadome",{{{Web}}},{{{Proxy}}},"userAgent":"ua","metadata":{"captchaUrl":"u"}}""", $$"""{"type":"DataDomeSliderTask",{{Web}},{{FiveFields}},"captchaUrl":"u","userAgent":"ua"}""" },
        { "capmonster", $$"""{"type":"IncapsulaTask",{{Web}},{{Proxy}},"incapsulaScriptUrl":"s"}""", $$$"""{"type":"CustomTask","class":"Imperva",{{{Web}}},{{{FiveFields}}},"metadata":{"incapsulaScriptUrl":"s"}}""" },
        { "twocaptcha", $$"""{"type":"GeeTestTask",{{Web}},"version":4,"gt":"id"}""", $$$"""{"type":"GeeTestTaskProxyless",{{{Web}}},"version":4,"initParameters":{"captcha_id":"id"}}""" },
        { "capmonster", $$$"""{"type":"GeeTestTask",{{{Web}}},"version":"4","initParameters":{"captcha_id":"id"}}""", $$$"""{"type":"GeeTestTask",{{{Web}}},"version":4,"gt":"id","initParameters":{"captcha_id":"id"}}""" },
        { "twocaptcha", $$"""{"type":"CustomTask","class":"TenDI",{{Page}}}""", $$"""{"type":"TencentTaskProxyless",{{Web}},"appId":"k"}""" },
        { "capmonster", $$$"""{"type":"CustomTask","class":"castle",{{{Page}}},"metadata":{"wUrl":"w","count":2}}""", $$$"""{"type":"CustomTask","class":"Castle",{{{Page}}},"metadata":{"wUrl":"w","count":2}}""" },
        { "anticaptcha", $$"""{"type":"AmazonTaskProxyless",{{Page}},"wafType":"widget","jsapiScript":"s"}""", $$"""{"type":"AmazonTaskProxyless",{{Page}},"wafType":"widget","jsapiScript":"s"}""" },
        { "twocaptcha", $$"""{"type":"AntiAwsWafTaskProxyLess",{{Web}},"awsKey":"k","jsapiScript":"s"}""", $$"""{"type":"AmazonTaskProxyless",{{Page}},"jsapiScript":"s"}""" },
        { "anticaptcha", $$"""{"type":"AltchaCaptchaTask",{{Web}},{{Proxy}},"challengeURL":"u"}""", $$"""{"type":"AltchaTask",{{Web}},{{FiveFields}},"challengeURL":"u"}""" },
        { "twocaptcha", $$"""{"type":"AltchaTaskProxyless",{{Web}},"challengeJSON":"{}"}""", $$"""{"type":"AltchaTaskProxyless",{{Web}},"challengeJSON":"{}"}""" },
        { "capmonster", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"noCache":true}""", $$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"nocache":true}""" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Translate_Task_IsInTheServicesWords(string kind, string task, string expected)
    {
        var translated = TaskTranslator.Translate(Profiles[kind], Read(task));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), translated), translated.ToJsonString());
    }

    [Fact]
    public void Translate_ToAGenericService_PassesTheTaskThrough()
    {
        var task = $$"""{"type":"RecaptchaV2TaskProxyless",{{Page}},"quality":"M1"}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(task), TaskTranslator.Translate(Generic.Profile, Read(task))));
    }

    [Theory]
    [InlineData("capmonster", 40_000, true)]
    [InlineData("capmonster", 60_000, false)]
    [InlineData("twocaptcha", 99_000, true)]
    [InlineData("twocaptcha", 101_000, false)]
    [InlineData("anticaptcha", 400_000, true)]
    public void Serves_Image_WithinTheServicesLimit(string kind, int bytes, bool expected)
    {
        using var catalogue = ProviderCatalogue.Create(TimeProvider.System);
        var account = catalogue.Create(new ProviderAccountSettings { Slug = "a", Kind = kind, ApiKey = "k" });
        Assert.Equal(expected, account.Serves(Read($$"""{"type":"ImageToTextTask","body":"{{Convert.ToBase64String(new byte[bytes])}}"}""")));
    }

    [Theory]
    [InlineData("twocaptcha", """{"type":"AltchaTask","websiteURL":"https://a.test/","challengeJSON":"{}"}""", true)]
    [InlineData("anticaptcha", """{"type":"AltchaTask","websiteURL":"https://a.test/","challengeURL":"https://a.test/c"}""", true)]
    [InlineData("anticaptcha", """{"type":"CustomTask","class":"altcha","websiteURL":"https://a.test/","metadata":{"challenge":"c"}}""", false)]
    [InlineData("capmonster", """{"type":"CustomTask","class":"altcha","websiteURL":"https://a.test/","metadata":{"challenge":"c"}}""", true)]
    [InlineData("capmonster", """{"type":"AltchaTask","websiteURL":"https://a.test/","challengeURL":"https://a.test/c"}""", false)]
    public void Serves_Altcha_InTheFormThatTheServiceTakes(string kind, string task, bool expected)
    {
        using var catalogue = ProviderCatalogue.Create(TimeProvider.System);
        Assert.Equal(expected, catalogue.Create(new ProviderAccountSettings { Slug = "a", Kind = kind, ApiKey = "k" }).Serves(Read(task)));
    }

    [Fact]
    public void ToString_OfSettings_HidesTheKey() =>
        Assert.DoesNotContain("secret", new ProviderAccountSettings { Slug = "a", Kind = "capmonster", ApiKey = "secret-key" }.ToString());

    private static string Image(string more) => $$"""{"type":"ImageToTextTask","body":"{{Convert.ToBase64String(new byte[300])}}",{{more}}}""";

    private static TaskRequest Read(string json) => TaskCatalogue.Default.Read(Encoding.UTF8.GetBytes(json));
}
