using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using static UCaptcha.Server.Tests.Legacy.LegacyServer;

namespace UCaptcha.Server.Tests.Legacy;

/// <summary>DeathByCaptcha's HTTP API.</summary>
public sealed class DeathByCaptchaTests(LegacyServer server) : IClassFixture<LegacyServer>
{
    private const string TokenParams = """{"googlekey":"k","pageurl":"https://example.com"}""";
    private const string Pending = "\"solved\":false";
    private static readonly byte[] Picture = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];

    public static TheoryData<string, string, string, string> Types => new()
    {
        { "4", "token_params", """{"googlekey":"k","pageurl":"https://example.com","data-s":"d","proxy":"http://u:p@203.0.113.9:8080","proxytype":"HTTP"}""", "RecaptchaV2Task" },
        { "5", "token_params", """{"googlekey":"k","pageurl":"https://example.com","action":"a","min_score":"0.3"}""", "RecaptchaV3TaskProxyless" },
        { "25", "token_enterprise_params", TokenParams, "RecaptchaV2EnterpriseTaskProxyless" },
        { "6", "funcaptcha_params", """{"publickey":"k","pageurl":"https://example.com"}""", "FunCaptchaTaskProxyless" },
        { "7", "hcaptcha_params", """{"sitekey":"k","pageurl":"https://example.com"}""", "HCaptchaTaskProxyless" },
        { "8", "geetest_params", """{"gt":"g","challenge":"c","pageurl":"https://example.com"}""", "GeeTestTaskProxyless" },
        { "9", "geetest_params", """{"captcha_id":"i","pageurl":"https://example.com"}""", "GeeTestTaskProxyless" },
        { "12", "turnstile_params", """{"sitekey":"k","pageurl":"https://example.com","action":"a"}""", "TurnstileTaskProxyless" },
        { "16", "waf_params", """{"sitekey":"k","pageurl":"https://example.com","iv":"i","context":"c"}""", "AmazonTaskProxyless" },
        { "18", "mtcaptcha_params", """{"sitekey":"k","pageurl":"https://example.com"}""", "MtCaptchaTaskProxyless" },
        { "20", "friendly_params", """{"sitekey":"k","pageurl":"https://example.com"}""", "FriendlyCaptchaTaskProxyless" },
        { "21", "datadome_params", """{"pageurl":"https://example.com","captcha_url":"https://c.example.com/x","userAgent":"ua","proxy":"http://203.0.113.9:8080","proxytype":"HTTP"}""", "DataDomeSliderTask" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Upload_EveryType_IsSolvedAsTheTaskItMeans(string type, string name, string parameters, string taskType)
    {
        var (status, created) = await server.PostAsync("/api", Form(("authtoken", Key), ("type", type), (name, parameters)));
        Assert.True(status == HttpStatusCode.OK, created);
        var id = Json(created).GetProperty("captcha").GetString();
        Assert.Equal($$"""{"status":0,"captcha":"{{id}}","is_correct":true,"solved":false,"text":""}""", created);
        var solved = await server.PollAsync($"/api/{id}", Pending);
        var text = Json(solved).GetProperty("text").GetRawText();
        Assert.Contains("EMU-all-", text);
        Assert.Equal($$"""{"captcha":"{{id}}","is_correct":true,"solved":true,"text":{{text}}}""", solved);
        Assert.Equal(taskType, (await server.LastTaskAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Upload_PicturesInEachForm_AreSolved()
    {
        using var file = new MultipartFormDataContent
        {
            { new StringContent("anything"), "username" },
            { new StringContent(Key), "password" },
            { new ByteArrayContent(Picture), "captchafile", "captcha.png" },
        };
        foreach (var content in new HttpContent[] { file, Form(("username", Key), ("password", "anything"), ("captchafile", "base64:" + Convert.ToBase64String(Picture))) })
        {
            var (_, created) = await server.PostAsync("/api/captcha", content);
            Assert.Contains("\"solved\":true", await server.PollAsync($"/api/captcha/{Json(created).GetProperty("captcha")}", Pending));
            Assert.Equal(Convert.ToBase64String(Picture), (await server.LastTaskAsync()).GetProperty("body").GetString());
        }
    }

    // As the vendor does it; who asks for a body by its type, or uses uCaptcha's path, gets it at once.
    [Theory]
    [InlineData("/api/captcha", null, 303)]
    [InlineData("/api/captcha", "*/*", 303)]
    [InlineData("/api/captcha", "application/json", 200)]
    [InlineData("/api", null, 200)]
    public async Task Upload_AtTheVendorsPath_SeesOther(string path, string? accept, int status)
    {
        using var direct = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Form(("authtoken", Key), ("type", "4"), ("token_params", TokenParams)) };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await direct.SendAsync(request);

        var id = Json(await answer.Content.ReadAsStringAsync()).GetProperty("captcha").GetString();
        Assert.Equal((status, status == 303 ? $"{server.Http.BaseAddress}api/captcha/{id}" : null), ((int)answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.Contains("\"solved\":true", await server.PollAsync($"/api/captcha/{id}", Pending));
    }

    [Fact]
    public async Task Upload_ThroughATlsProxy_SeesOtherThroughIt()
    {
        using var direct = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/captcha") { Content = Form(("authtoken", Key), ("type", "4"), ("token_params", TokenParams)) };
        request.Headers.Host = "captcha.example.com";
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await direct.SendAsync(request);

        Assert.StartsWith("https://captcha.example.com/api/captcha/", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Report_OwnCaptcha_IsTakenAndAnothersIsNot()
    {
        var id = await SolvedAsync();
        var notOwned = """{"status":255,"error":"Captcha not found or not owned by this user"}""";
        Assert.Equal((HttpStatusCode.ServiceUnavailable, notOwned), await server.PostAsync($"/api/captcha/{id}/report", Form(("authtoken", OtherKey))));
        Assert.Equal(
            (HttpStatusCode.OK, $$"""{"captcha":"{{id}}","is_correct":false,"solved":true,"text":""}"""),
            await server.PostAsync($"/api/captcha/{id}/report", Form(("authtoken", Key))));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, notOwned), await server.PostAsync($"/api/captcha/{Guid.NewGuid()}/report", Form(("authtoken", Key))));
    }

    [Fact]
    public async Task Poll_UnknownShortOrAnothersId_IsNotFound()
    {
        var id = await SolvedAsync();
        foreach (var path in new[] { $"/api/{Guid.NewGuid()}", "/api/7", "/api/nothing", $"/api/{id}?authtoken={OtherKey}" })
        {
            var (status, body) = await server.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.Equal(["captcha", "is_correct", "solved", "text"], Json(body).EnumerateObject().Select(member => member.Name));
            Assert.False(Json(body).GetProperty("is_correct").GetBoolean());
        }
    }

    [Fact]
    public async Task User_ByFormQueryAndBasic_ShowsTheBalance()
    {
        const string Balance = """{"user":0,"rate":0,"balance":345.678,"is_banned":false}""";
        Assert.Equal((HttpStatusCode.OK, Balance), await server.PostAsync("/api/user", Form(("authtoken", Key))));
        Assert.Equal((HttpStatusCode.OK, Balance), await server.GetAsync($"/api/user?authtoken={Key}"));
        using var basic = new HttpRequestMessage(HttpMethod.Post, "/api/user");
        basic.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Key + ":")));
        using var response = await server.Http.SendAsync(basic);
        Assert.Equal(Balance, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task User_ThatAcceptsForms_GetsOne()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/user?authtoken={Key}");
        request.Headers.TryAddWithoutValidation("Accept", "application/x-www-form-urlencoded");
        using var response = await server.Http.SendAsync(request);
        Assert.Equal("user=0&rate=0&balance=345.678&is_banned=0", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("", 403, "not-logged-in", "authtoken")]
    [InlineData("authtoken=unknown-key-0000", 403, "invalid-credentials", "key")]
    [InlineData($"authtoken={Key}", 400, "invalid-captcha", "captchafile")]
    [InlineData($"authtoken={Key}&type=4", 400, "invalid-captcha", "token_params")]
    [InlineData($"authtoken={Key}&type=4&token_params=[]", 400, "invalid-captcha", "token_params")]
    [InlineData($"authtoken={Key}&type=4&token_params={{\"googlekey\":\"k\"}}", 400, "invalid-captcha", "pageurl")]
    [InlineData($"authtoken={Key}&type=x", 400, "invalid-captcha", "type")]
    [InlineData($"authtoken={Key}&type=2", 400, "invalid-captcha", "type")]
    [InlineData($"authtoken={PoorKey}&type=4&token_params={TokenParams}", 403, "insufficient-funds", "budget")]
    public async Task Upload_Bad_IsRefusedInItsWords(string form, int status, string word, string named)
    {
        var (answered, body) = await server.PostAsync("/api", new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal((HttpStatusCode)status, answered);
        Assert.Equal(255, Json(body).GetProperty("status").GetInt32());
        Assert.Equal(word, Json(body).GetProperty("error").GetString());
        Assert.Contains(named, Json(body).GetProperty("description").GetString());
    }

    private async Task<string> SolvedAsync()
    {
        var (_, created) = await server.PostAsync("/api", Form(("authtoken", Key), ("type", "4"), ("token_params", TokenParams)));
        var id = Json(created).GetProperty("captcha").GetString()!;
        await server.PollAsync($"/api/{id}", Pending);
        return id;
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
