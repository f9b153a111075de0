using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Legacy;

/// <summary>in.php and res.php, in the documented style and in 2Captcha's own.</summary>
public sealed partial class TwoCaptchaTests(LegacyServer server) : IClassFixture<LegacyServer>
{
    private const string Key = LegacyServer.Key;
    private const string Page = "pageurl=https://example.com/a%3Fb%3D1";
    private const string Recaptcha = $"key={Key}&method=userrecaptcha&googlekey=site-1&{Page}";
    private static readonly string Picture = Convert.ToBase64String(Enumerable.Range(0, 200).Select(i => (byte)i).ToArray());

    public static TheoryData<string, string, string> Methods => new()
    {
        { $"method=userrecaptcha&googlekey=k&{Page}&invisible=1&data-s=d&cookies=a:b&userAgent=ua&nocache=1", "RecaptchaV2TaskProxyless", """{"nocache":true,"websiteKey":"k","websiteURL":"https://example.com/a?b=1","isInvisible":true,"recaptchaDataSValue":"d","cookies":"a:b","userAgent":"ua"}""" },
        { $"method=userrecaptcha&googlekey=k&{Page}&enterprise=1&action=buy&domain=recaptcha.net", "RecaptchaV2EnterpriseTaskProxyless", """{"websiteKey":"k","apiDomain":"recaptcha.net","pageAction":"buy"}""" },
        { $"method=userrecaptcha&version=v3&googlekey=k&{Page}&action=buy&min_score=0.3&enterprise=1", "RecaptchaV3TaskProxyless", """{"websiteKey":"k","pageAction":"buy","minScore":0.3,"isEnterprise":true}""" },
        { $"method=hcaptcha&sitekey=k&{Page}&invisible=0&data=rq&proxy=u:p@203.0.113.9:8080&proxytype=SOCKS5", "HCaptchaTask", """{"websiteKey":"k","isInvisible":false,"data":"rq","proxy":"u:p@203.0.113.9:8080","proxyType":"SOCKS5"}""" },
        { $"method=turnstile&sitekey=k&{Page}&action=a&data=c&pagedata=p", "TurnstileTaskProxyless", """{"websiteKey":"k","pageAction":"a","cData":"c","chlPageData":"p"}""" },
        { $"method=funcaptcha&publickey=k&{Page}&surl=https://s.example.com&data[blob]=x", "FunCaptchaTaskProxyless", """{"websitePublicKey":"k","funcaptchaApiJSSubdomain":"https://s.example.com","data":"{\"blob\":\"x\"}"}""" },
        { $"method=geetest&gt=g&challenge=c&{Page}&api_server=api.example.com", "GeeTestTaskProxyless", """{"gt":"g","challenge":"c","geetestApiServerSubdomain":"api.example.com"}""" },
        { $"method=geetest_v4&captcha_id=i&{Page}", "GeeTestTaskProxyless", """{"version":4,"captchaId":"i"}""" },
        { $"method=amazon_waf&sitekey=k&{Page}&iv=i&context=c&challenge_script=h&captcha_script=s", "AmazonTaskProxyless", """{"websiteKey":"k","iv":"i","context":"c","challengeScript":"h","captchaScript":"s"}""" },
        { $"method=mt_captcha&sitekey=k&{Page}", "MtCaptchaTaskProxyless", """{"websiteKey":"k"}""" },
        { $"method=friendly_captcha&sitekey=k&{Page}", "FriendlyCaptchaTaskProxyless", """{"websiteKey":"k"}""" },
        { $"method=prosopo&sitekey=k&{Page}", "ProsopoTaskProxyless", """{"websiteKey":"k"}""" },
        { $"method=altcha&challenge_url=https://a.example.com/c&challenge_json={{}}&{Page}", "AltchaTaskProxyless", """{"challengeURL":"https://a.example.com/c","challengeJSON":"{}"}""" },
        { $"method=tencent&app_id=a&captcha_script=https://a.example.com/s.js&{Page}", "TencentTaskProxyless", """{"appId":"a","captchaScript":"https://a.example.com/s.js"}""" },
        { $"method=yidun&sitekey=k&yidun_get_lib=l&hcg=h&hct=1751469954806&{Page}", "YidunTaskProxyless", """{"websiteKey":"k","yidunGetLib":"l","hcg":"h","hct":1751469954806}""" },
        { $"method=binance&sitekey=login&validate_id=v&{Page}", "BinanceTaskProxyless", """{"websiteKey":"login","validateId":"v"}""" },
        { $"method=basilisk&sitekey=k&{Page}&useragent=ua", "BasiliskTaskProxyless", """{"websiteKey":"k","userAgent":"ua"}""" },
        { $"method=datadome&captcha_url=https://c.example.com/x&{Page}&userAgent=ua&proxy=203.0.113.9:8080&proxytype=HTTP", "DataDomeSliderTask", """{"captchaUrl":"https://c.example.com/x","userAgent":"ua","proxy":"203.0.113.9:8080"}""" },
        { $"method=base64&body={Uri.EscapeDataString(Picture)}&phrase=1&regsense=1&numeric=4&calc=0&min_len=2&max_len=5&textinstructions=red", "ImageToTextTask", """{"phrase":true,"case":true,"numeric":4,"math":false,"minLength":2,"maxLength":5,"comment":"red"}""" },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task In_EveryMethod_IsSolvedAsTheTaskItMeans(string query, string type, string members)
    {
        var sent = await SolveAsync(query);
        // The account is shared: a task that another test left behind may have come last.
        for (var tries = 0; tries < 3 && sent.GetProperty("type").GetString() != type; tries++)
            sent = await SolveAsync(query);

        Assert.Equal(type, sent.GetProperty("type").GetString());
        foreach (var member in Json(members).EnumerateObject())
            Assert.True(JsonElement.DeepEquals(member.Value, sent.GetProperty(member.Name)), sent.ToString());
    }

    private async Task<JsonElement> SolveAsync(string query)
    {
        var (status, created) = await server.PostAsync($"/in.php?key={Key}&json=1&soft_id=7", Form(query));
        Assert.Equal(HttpStatusCode.OK, status);
        var id = Json(created).GetProperty("request").GetString();
        Assert.Equal($$"""{"status":1,"request":"{{id}}"}""", created);
        var solved = await server.PollAsync($"/res.php?key={Key}&action=get&id={id}", "CAPCHA_NOT_READY");
        Assert.StartsWith("OK|", solved);
        Assert.Contains("EMU-all-", solved);
        return await server.LastTaskAsync();
    }

    [Fact]
    public async Task In_Plain_AnswersAUuidAndPolls()
    {
        var (status, created) = await server.GetAsync($"/in.php?{Recaptcha}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("OK|", created);
        var id = created[3..];
        Assert.True(Guid.TryParse(id, out _));
        var (pendingStatus, pending) = await server.GetAsync($"/res.php?key={Key}&action=get&id={id}&json=1");
        Assert.Equal(HttpStatusCode.OK, pendingStatus);
        Assert.Equal("""{"status":0,"request":"CAPCHA_NOT_READY"}""", pending);
        var token = (await server.PollAsync($"/res.php?key={Key}&action=get&id={id}", "CAPCHA_NOT_READY"))[3..];
        Assert.Equal($$"""{"status":1,"request":"{{token}}"}""", (await server.GetAsync($"/res.php?key={Key}&action=get&id={id}&json=1")).Body);
        Assert.Equal($"OK|{token}|0.0025", (await server.GetAsync($"/res.php?key={Key}&action=get2&id={id}")).Body);
        Assert.Equal($"{token}|ERROR_WRONG_CAPTCHA_ID", (await server.GetAsync($"/res.php?key={Key}&action=get&ids={id},77")).Body);
        Assert.Equal("OK_REPORT_RECORDED", (await server.GetAsync($"/res.php?key={Key}&action=reportbad&id={id}")).Body);
        Assert.Equal("""{"status":1,"request":"OK_REPORT_RECORDED"}""", (await server.GetAsync($"/res.php?key={Key}&action=reportgood&id={id}&json=1")).Body);
        Assert.Equal((HttpStatusCode.NotFound, "ERROR_WRONG_CAPTCHA_ID"), await server.GetAsync($"/res.php?key={LegacyServer.OtherKey}&action=get&id={id}"));
    }

    [Fact]
    public async Task In_VendorStyle_AnswersNumbersAndAlways200()
    {
        var created = Json((await server.GetAsync($"/twocaptcha/in.php?{Recaptcha}&json=1")).Body).GetProperty("request").GetString()!;
        Assert.True(int.Parse(created) > 0);
        Assert.StartsWith("OK|EMU-all-", await server.PollAsync($"/twocaptcha/res.php?key={Key}&action=get&id={created}", "CAPCHA_NOT_READY"));
        var (status, priced) = await server.GetAsync($"/twocaptcha/res.php?key={Key}&action=get2&id={created}&json=1");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("0.0025", Json(priced).GetProperty("price").GetString());
        Assert.Equal((HttpStatusCode.OK, "ERROR_WRONG_ID_FORMAT"), await server.GetAsync($"/twocaptcha/res.php?key={Key}&action=get&id=none"));
        var (refusedStatus, refused) = await server.GetAsync($"/twocaptcha/in.php?key={Key}&method=userrecaptcha&googlekey=k&json=1");
        Assert.Equal(HttpStatusCode.OK, refusedStatus);
        Assert.Equal("""{"status":0,"request":"ERROR_PAGEURL","error_text":"pageurl is missing."}""", refused);
    }

    [Theory]
    [InlineData("method=geetest&gt=g&challenge=c", """{"geetest_challenge":"challenge","geetest_validate":"EMU","geetest_seccode":"EMU|jordan"}""")]
    [InlineData("method=geetest_v4&captcha_id=i", """{"captcha_id":"id","lot_number":"lot","pass_token":"EMU","gen_time":"1700000000","captcha_output":"output"}""")]
    [InlineData("method=amazon_waf&sitekey=k&iv=i&context=c", """{"captcha_voucher":"EMU","existing_token":"existing"}""")]
    [InlineData("method=tencent&app_id=a", """{"appid":"app","ret":0,"ticket":"EMU","randstr":"@rand"}""")]
    [InlineData("method=datadome&captcha_url=https://c.example.com/x&userAgent=ua&proxy=203.0.113.9:8080&proxytype=HTTP", "datadome=EMU; Path=/; Secure")]
    public async Task Res_SolutionsOfManyParts_StandAsTheVendorWritesThem(string query, string solution)
    {
        foreach (var prefix in new[] { "", "/twocaptcha" })
        {
            var id = Json((await server.GetAsync($"{prefix}/in.php?key={Key}&{Page}&{query}&json=1")).Body).GetProperty("request").GetString();
            var plain = await server.PollAsync($"{prefix}/res.php?key={Key}&action=get&id={id}", "CAPCHA_NOT_READY");
            var (_, json) = await server.GetAsync($"{prefix}/res.php?key={Key}&action=get&id={id}&json=1");

            var request = solution.StartsWith('{') ? solution : $"\"{solution}\"";
            Assert.Equal($"OK|{solution}", Token().Replace(plain, "EMU"));
            Assert.Equal($$"""{"status":1,"request":{{request}}}""", Token().Replace(json, "EMU"));
        }
    }

    [Fact]
    public async Task In_MultipartPicture_IsSolved()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Key), "key" },
            { new StringContent("post"), "method" },
            { new ByteArrayContent(Convert.FromBase64String(Picture)), "file", "captcha.png" },
        };
        var (_, created) = await server.PostAsync("/in.php", form);
        Assert.StartsWith("OK|EMU-all-", await server.PollAsync($"/res.php?key={Key}&action=get&id={created[3..]}", "CAPCHA_NOT_READY"));
        Assert.Equal(Picture, (await server.LastTaskAsync()).GetProperty("body").GetString());
    }

    [Fact]
    public async Task In_JsonBody_IsReadToo()
    {
        using var body = new StringContent($$"""{"key":"{{Key}}","method":"base64","body":"{{Picture}}","json":1,"numeric":2}""", Encoding.UTF8, "application/json");
        Assert.Contains("\"status\":1", (await server.PostAsync("/in.php", body)).Body);
    }

    [Fact]
    public async Task Res_GetBalance_HasFourDecimals()
    {
        Assert.Equal((HttpStatusCode.OK, "345.6780"), await server.GetAsync($"/res.php?key={Key}&action=getbalance"));
        Assert.Equal("""{"status":1,"request":"345.6780"}""", (await server.GetAsync($"/res.php?key={Key}&action=getbalance&json=1")).Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&action=get&id=1")]
    public async Task Res_HeaderAcao_OpensTheAnswerToAnyOrigin(string more)
    {
        using var open = await server.Http.GetAsync($"/res.php?key={Key}&header_acao=1{more}");
        Assert.Equal("*", Assert.Single(open.Headers.GetValues("Access-Control-Allow-Origin")));
        using var closed = await server.Http.GetAsync($"/res.php?key={Key}{more}");
        Assert.False(closed.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/in.php", "", 401, "ERROR_WRONG_USER_KEY")]
    [InlineData("/in.php", "key=short", 401, "ERROR_WRONG_USER_KEY")]
    [InlineData("/in.php", "key=unknown-key-0000", 401, "ERROR_KEY_DOES_NOT_EXIST")]
    [InlineData("/in.php", $"key={Key}&method=nothing", 400, "TASK_NOT_SUPPORTED")]
    [InlineData("/in.php", $"key={Key}&method=base64&body=AAAA&coordinatescaptcha=1", 400, "TASK_NOT_SUPPORTED")]
    [InlineData("/in.php", $"key={Key}&method=base64&body=AAAA&recaptcha=1&canvas=1", 400, "TASK_NOT_SUPPORTED")]
    [InlineData("/in.php", $"key={Key}&method=post&canvas=1", 400, "TASK_NOT_SUPPORTED")]
    [InlineData("/in.php", $"key={Key}&textcaptcha=What+day+follows+Monday%3F&lang=en", 400, "TASK_NOT_SUPPORTED")]
    [InlineData("/in.php", $"key={Key}&method=base64&body=AAAA&coordinatescaptcha=0", 400, "ERROR_ZERO_CAPTCHA_FILESIZE")]
    [InlineData("/in.php", $"key={Key}", 400, "ERROR_ZERO_CAPTCHA_FILESIZE")]
    [InlineData("/in.php", $"key={Key}&method=base64&body=AAAA", 400, "ERROR_ZERO_CAPTCHA_FILESIZE")]
    [InlineData("/in.php", $"key={Key}&method=base64&body=***", 400, "ERROR_BAD_PARAMETERS")]
    [InlineData("/in.php", $"key={Key}&method=userrecaptcha&googlekey=k", 400, "ERROR_PAGEURL")]
    [InlineData("/in.php", $"key={Key}&method=userrecaptcha&{Page}", 400, "ERROR_SITEKEY")]
    [InlineData("/in.php", $"{Recaptcha}&proxy=nonsense&proxytype=HTTP", 400, "ERROR_PROXY_FORMAT")]
    [InlineData("/in.php", $"key={Key}&method=datadome&captcha_url=https://c.example.com/x&{Page}&userAgent=ua", 400, "ERROR_BAD_PROXY")]
    [InlineData("/in.php", $"{Recaptcha}&version=v3&min_score=high", 400, "ERROR_BAD_PARAMETERS")]
    [InlineData("/in.php", $"{Recaptcha}&pingback=http://127.0.0.1/", 400, "ERROR_BAD_PARAMETERS")]
    [InlineData("/in.php", $"key={LegacyServer.PoorKey}&method=userrecaptcha&googlekey=k&{Page}", 402, "ERROR_ZERO_BALANCE")]
    [InlineData("/res.php", $"key={Key}", 400, "ERROR_EMPTY_ACTION")]
    [InlineData("/res.php", $"key={Key}&action=dance", 400, "ERROR_BAD_PARAMETERS")]
    [InlineData("/res.php", $"key={Key}&action=get", 400, "ERROR_BAD_PARAMETERS")]
    [InlineData("/res.php", $"key={Key}&action=get&id=123", 404, "ERROR_WRONG_CAPTCHA_ID")]
    [InlineData("/res.php", $"key={Key}&action=get&id=x", 404, "ERROR_WRONG_CAPTCHA_ID")]
    [InlineData("/res.php", $"key={Key}&action=reportbad&id=550e8400-e29b-41d4-a716-446655440000", 404, "ERROR_WRONG_CAPTCHA_ID")]
    public async Task Refusal_PlainAndJson_IsTheDocumentedWordAndStatus(string path, string query, int status, string word)
    {
        Assert.Equal(((HttpStatusCode)status, word), await server.GetAsync($"{path}?{query}"));
        Assert.Equal(((HttpStatusCode)status, $$"""{"status":0,"request":"{{word}}"}"""), await server.PostAsync($"{path}?json=1", Form(query)));
    }

    [Fact]
    public async Task In_OtherMethod_Is405WithAllow()
    {
        using var response = await server.Http.PutAsync("/in.php", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow);
        Assert.Equal("ERROR_NO_SUCH_METHOD", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task In_BeyondTheRate_IsRefusedInItsOwnShape()
    {
        await using var limited = await ServerProcess.StartAsync(new Dictionary<string, string> { ["RateLimit__PerAddress"] = "1" });
        using var http = new HttpClient { BaseAddress = new Uri(limited.Http) };
        foreach (var (path, status, body) in new[]
        {
            ("/in.php", 429, "ERROR_RATE_LIMIT"),
            ("/twocaptcha/res.php", 200, "MAX_USER_TURN"),
            ("/api/user", 429, "service-overload"),
            ("/task/submit", 429, "{\"ok\":false"),
        })
        {
            // The first request of each window passes, and any of these may be it.
            await Eventually.TrueAsync(async () =>
            {
                using var response = await http.GetAsync(path);
                return (int)response.StatusCode == status
                    && response.Headers.RetryAfter is not null
                    && (await response.Content.ReadAsStringAsync()).Contains(body, StringComparison.Ordinal);
            });
        }
    }

    [Fact]
    public async Task In_FiveMegabytes_AreRefusedAs413()
    {
        var (status, body) = await server.PostAsync("/in.php", Form($"key={Key}&body={new string('A', 5_000_000)}"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "ERROR_BAD_PARAMETERS"), (status, body));
    }

    [Theory]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: nonsense")]
    [InlineData("application/json", "[1]")]
    [InlineData("application/json", """{"key":"\ud800"}""")]
    [InlineData("text/plain", "key=value")]
    public async Task In_UnreadableBody_IsBadParameters(string type, string text)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        Assert.Equal((HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS"), await server.PostAsync("/in.php", content));
    }

    [GeneratedRegex("EMU-all-[0-9a-f-]+")]
    private static partial Regex Token();

    private static StringContent Form(string query) => new(query, Encoding.UTF8, "application/x-www-form-urlencoded");

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
