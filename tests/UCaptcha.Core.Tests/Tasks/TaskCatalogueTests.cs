using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Tests.Tasks;

public sealed class TaskCatalogueTests
{
    private const string Page = "\"websiteURL\":\"https://Shop.Example.com./cart\",\"websiteKey\":\"k\"";

    [Theory]
    [InlineData("RecaptchaV2TaskProxyless", "RecaptchaV2")]
    [InlineData("recaptchav2task", "RecaptchaV2")]
    [InlineData("NoCaptchaTaskProxyless", "RecaptchaV2")]
    [InlineData("ReCaptchaV2TaskProxyLess", "RecaptchaV2")]
    [InlineData("ReCaptchaV2TokenProxyLess", "RecaptchaV2")]
    [InlineData("ReCaptchaV2EnterpriseInvisibleTokenProxyLess", "RecaptchaV2Enterprise")]
    [InlineData("RecaptchaV2EnterpriseTask", "RecaptchaV2Enterprise")]
    [InlineData("RecaptchaV3TaskProxyless", "RecaptchaV3")]
    [InlineData("ReCaptchaV3EnterpriseTaskProxyLess", "RecaptchaV3Enterprise")]
    [InlineData("HCaptchaTaskProxyless", "HCaptcha")]
    [InlineData("HardCaptchaTokenProxyLess", "HCaptcha")]
    [InlineData("PopularCaptchaEnterpriseTokenProxyLess", "HCaptcha")]
    [InlineData("TurnstileTask", "Turnstile")]
    [InlineData("AntiTurnstileTaskProxyLess", "Turnstile")]
    [InlineData("TurnstileTokenProxyLess", "Turnstile")]
    [InlineData("MtCaptchaTask", "MtCaptcha")]
    [InlineData("MTCaptchaTask", "MtCaptcha")]
    public void Read_AnySpellingOfAType_FindsItsFamily(string type, string family) => Assert.Equal(family, Read($$"""{"type":"{{type}}",{{Page}}}""").Family.Name);

    [Theory]
    [InlineData("TenDI", "Tencent")]
    [InlineData("BASILISK", "Basilisk")]
    [InlineData("Castle", "Castle")]
    [InlineData("Altcha", "Altcha")]
    [InlineData("friendly", "FriendlyCaptcha")]
    public void Read_CustomTaskOfAClassInAnyCase_FindsItsFamily(string name, string family) =>
        Assert.Equal(family, Read($$"""{"type":"CustomTask","Class":"{{name}}",{{Page}}}""").Family.Name);

    [Fact]
    public void Read_CustomTaskOfAnUnknownClass_IsNotSupported() =>
        Assert.Equal("task.class", Assert.Throws<RefusedException>(() => Read($$"""{"type":"CustomTask","class":"Mystery",{{Page}}}""")).Field);

    [Theory]
    [InlineData("\"isEnterprise\":true")]
    [InlineData("\"isEnterprise\":1")]
    [InlineData("\"ISENTERPRISE\":\"true\"")]
    public void Read_EnterpriseFlag_ChoosesTheEnterpriseFamily(string flag) =>
        Assert.Equal("RecaptchaV3Enterprise", Read($$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},{{flag}}}""").Family.Name);

    [Fact]
    public void Read_Host_IsInItsOneForm() => Assert.Equal("shop.example.com", Read($$"""{"type":"TurnstileTask",{{Page}}}""").PageHost);

    [Fact]
    public void Read_AliasesAndOtherCases_AreBroughtToCanonicalNames()
    {
        var task = Read($$$"""{"type":"AntiTurnstileTaskProxyLess",{{{Page}}},"metadata":{"action":"login","cdata":"c"},"USERAGENT":"ua","custom":1}""");
        Assert.Equal(("login", "c", "ua"), (task.Text("pageAction"), task.Text("cData"), task.Text("userAgent")));
        Assert.Equal(["metadata", "custom"], task.Extras.Select(extra => extra.Key));
    }

    [Fact]
    public void Read_NumbersAndTruthValuesInStrings_BecomeWhatTheyAre()
    {
        var task = Read($$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"minScore":"0.7"}""");
        Assert.Equal(0.7, task["minScore"]!.Value.GetDouble());
        Assert.Equal(JsonValueKind.True, Read($$"""{"type":"RecaptchaV2Task",{{Page}},"isInvisible":"1"}""")["isInvisible"]!.Value.ValueKind);
    }

    [Theory]
    [InlineData("\"proxyType\":\"socks5\",\"proxyAddress\":\"198.51.100.7\",\"proxyPort\":\"1080\",\"proxyLogin\":\"u\",\"proxyPassword\":\"p:w\"")]
    [InlineData("\"proxy\":\"socks5://u:p:w@198.51.100.7:1080\"")]
    [InlineData("\"proxy\":\"u:p:w@198.51.100.7:1080\",\"proxyType\":\"socks5\"")]
    public void Read_AnyFormOfAProxy_IsTheSameEndpoint(string proxy) => Assert.Equal(
        new ProxyEndpoint("socks5", "198.51.100.7", 1080, "u", "p:w"), Read($$"""{"type":"RecaptchaV2Task",{{Page}},{{proxy}}}""").Proxy);

    [Fact]
    public void Read_CapSolversFormOfAProxy_IsUnderstood() => Assert.Equal(
        new ProxyEndpoint("socks5", "198.51.100.7", 1080, "u", "p"), Read($$"""{"type":"ReCaptchaV2Task",{{Page}},"proxy":"socks5:198.51.100.7:1080:u:p"}""").Proxy);

    [Theory]
    [InlineData("RecaptchaV2Task", "\"proxyType\":\"http\",\"proxyPort\":0")]
    [InlineData("RecaptchaV2Task", "\"proxyAddress\":\"\"")]
    [InlineData("RecaptchaV2TaskProxyless", "\"proxy\":\"http://198.51.100.7:1080\"")]
    public void Read_NoAddressOrAProxylessType_IsProxyless(string type, string proxy) => Assert.Null(Read($$"""{"type":"{{type}}",{{Page}},{{proxy}}}""").Proxy);

    [Theory]
    [InlineData("{}", "ERROR_BAD_PARAMETERS", "task.type")]
    [InlineData("""{"type":" "}""", "ERROR_BAD_PARAMETERS", "task.type")]
    [InlineData("""{"type":7}""", "ERROR_BAD_PARAMETERS", "task.type")]
    [InlineData("""{"type":"MysteryTask"}""", "TASK_NOT_SUPPORTED", "task.type")]
    [InlineData("""{"type":"TurnstileTask","websiteKey":"k"}""", "ERROR_PAGEURL", "task.websiteURL")]
    [InlineData("""{"type":"TurnstileTask","websiteURL":"ftp://a.b","websiteKey":"k"}""", "ERROR_PAGEURL", "task.websiteURL")]
    [InlineData("""{"type":"TurnstileTask","websiteURL":"https://xn--ä.example/","websiteKey":"k"}""", "ERROR_PAGEURL", "task.websiteURL")]
    [InlineData("""{"type":"TurnstileTask","websiteURL":"https://äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää.example/","websiteKey":"k"}""", "ERROR_PAGEURL", "task.websiteURL")]
    [InlineData("""{"type":"TurnstileTask","websiteURL":7,"websiteKey":"k"}""", "ERROR_PAGEURL", "task.websiteURL")]
    [InlineData("""{"type":"TurnstileTask","websiteURL":"https://a.b","websiteKey":"  "}""", "ERROR_SITEKEY", "task.websiteKey")]
    [InlineData("""{"type":"TurnstileTask","websiteURL":"https://a.b","websiteKey":null}""", "ERROR_SITEKEY", "task.websiteKey")]
    [InlineData("""{"type":"RecaptchaV3TaskProxyless","websiteURL":"https://a.b","websiteKey":"k","minScore":0.95}""", "ERROR_BAD_PARAMETERS", "task.minScore")]
    [InlineData("""{"type":"RecaptchaV2Task","websiteURL":"https://a.b","websiteKey":"k","isInvisible":"maybe"}""", "ERROR_BAD_PARAMETERS", "task.isInvisible")]
    [InlineData("""{"type":"RecaptchaV2Task","websiteURL":"https://a.b","websiteKey":"k","proxy":"what"}""", "ERROR_PROXY_FORMAT", "task.proxy")]
    [InlineData("""{"type":"RecaptchaV2Task","websiteURL":"https://a.b","websiteKey":"k","proxyAddress":"h","proxyPort":70000}""", "ERROR_PROXY_FORMAT", "task.proxyPort")]
    [InlineData("""{"type":"RecaptchaV2Task","websiteURL":"https://a.b","websiteKey":"k","proxyAddress":"h","proxyPort":1,"proxyType":"ftp"}""", "ERROR_PROXY_FORMAT", "task.proxyType")]
    [InlineData("""{"type":"DatadomeSliderTask","websiteURL":"https://a.b","captchaUrl":"https://c.d","userAgent":"ua"}""", "ERROR_BAD_PROXY", "task.proxyAddress")]
    [InlineData("""{"type":"ImageToTextTask"}""", "ERROR_ZERO_CAPTCHA_FILESIZE", "task.body")]
    [InlineData("""{"type":"ImageToTextTask","body":"!!!"}""", "ERROR_BAD_PARAMETERS", "task.body")]
    [InlineData("[]", "ERROR_BAD_PARAMETERS", "task")]
    [InlineData("{", "ERROR_BAD_PARAMETERS", "task")]
    public void Read_WrongTask_IsRefusedNamingTheField(string json, string code, string field)
    {
        var refusal = Assert.Throws<RefusedException>(() => Read(json));
        Assert.Equal((code, field), (refusal.Code, refusal.Field));
        Assert.Contains(field, refusal.Message);
    }

    [Fact]
    public void Read_ImageWithADataPrefix_LosesIt()
    {
        var base64 = Convert.ToBase64String(new byte[200]);
        Assert.Equal(base64, Read($$"""{"type":"ImageToTextTask","body":"data:image/png;base64,{{base64}}"}""").Text("body"));
    }

    [Fact]
    public void Read_RefusalOfAProxy_HoldsNoPassword()
    {
        var refusal = Assert.Throws<RefusedException>(() => Read($$"""{"type":"RecaptchaV2Task",{{Page}},"proxy":"http://user:hunter2@bad host:1"}"""));
        Assert.DoesNotContain("hunter2", refusal.Message);
    }

    [Fact]
    public void Read_AnyMembers_IsReadOrRefusedAndNothingElse()
    {
        string[] names = ["type", "websiteURL", "websiteKey", "proxy", "proxyPort", "minScore", "isInvisible", "body", "version", "metadata", "TYPE", "isEnterprise"];
        string[] values = ["null", "1", "\"\"", "\"x\"", "[]", "{}", "true", "1e400", "\"https://a.b\"", "\"RecaptchaV2Task\"", "\"ImageToTextTask\"", "{\"action\":[]}", "\"GeeTestTask\""];
        var member = from name in Gen.Elements(names) from value in Gen.Elements(values) select $"\"{name}\":{value}";
        Prop.ForAll(Gen.ListOf(member).ToArbitrary(), members =>
        {
            try
            {
                Read("{" + string.Join(',', members) + "}");
            }
            catch (RefusedException)
            {
                // The other documented end.
            }
        }).QuickCheckThrowOnFailure();
    }

    private static TaskRequest Read(string json) => TaskCatalogue.Default.Read(Encoding.UTF8.GetBytes(json));
}
