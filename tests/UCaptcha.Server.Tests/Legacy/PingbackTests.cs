using System.Text.Json;
using System.Web;
using UCaptcha.Server.Tests.Callbacks;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Legacy;

/// <summary>pingback of in.php, to the receiver: the documented GET, and 2Captcha's form post.</summary>
public sealed class PingbackTests(PingbackTests.Fixture fixture) : IClassFixture<PingbackTests.Fixture>, IAsyncDisposable
{
    private const string Key = Scenario.Key;
    private const string BadKey = Scenario.Key + "-bad";
    private const string Recaptcha = "method=userrecaptcha&googlekey=k&pageurl=https://example.com/";

    private readonly Receiver _receiver = new(_ => Receiver.Status("200 OK"));
    private readonly HttpClient _http = new();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task In_DocumentedStyle_IsAGetWithTheCodeAfterItsOwnQuery()
    {
        var id = await SubmitAsync("", Key);
        var query = await CalledAsync("GET");
        Assert.Equal(("1", id, "1"), (query["user"], query["captcha_id"], query["status"]));
        Assert.Equal(await TokenAsync("", id), query["code"]);
    }

    [Fact]
    public async Task In_DocumentedStyleAndUnsolved_IsStatusZeroAlone()
    {
        var id = await SubmitAsync("", BadKey);
        var query = await CalledAsync("GET");
        Assert.Equal((id, "0", null), (query["captcha_id"], query["status"], query["code"]));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task In_VendorsStyle_IsAFormPostOfIdAndCode(string method)
    {
        var id = await SubmitAsync("/twocaptcha", Key, method);
        var form = await CalledAsync("POST");
        Assert.Equal("id,code", string.Join(',', form.AllKeys));
        Assert.Equal((id, await TokenAsync("/twocaptcha", id)), (form["id"], form["code"]));
        Assert.Equal("application/x-www-form-urlencoded", Receiver.HeaderOf(_receiver.Requests.Single(), "Content-Type"));
    }

    [Theory]
    [InlineData("method=geetest&gt=g&challenge=c&pageurl=https://example.com/")]
    [InlineData("method=datadome&captcha_url=https://c.example.com/x&pageurl=https://example.com/&userAgent=ua&proxy=203.0.113.9:8080&proxytype=HTTP")]
    public async Task In_VendorsStyleAndASolutionOfManyParts_PostsWhatResShows(string captcha)
    {
        var id = await SubmitAsync("/twocaptcha", Key, captcha: captcha);
        var form = await CalledAsync("POST");
        Assert.Equal(await TokenAsync("/twocaptcha", id), form["code"]);
    }

    [Fact]
    public async Task In_VendorsStyleAndUnsolved_PostsTheErrorsCode()
    {
        var id = await SubmitAsync("/twocaptcha", BadKey);
        var form = await CalledAsync("POST");
        Assert.Equal((id, "ERROR_CAPTCHA_UNSOLVABLE"), (form["id"], form["code"]));
    }

    private async Task<string> SubmitAsync(string prefix, string key, string method = "GET", string captcha = Recaptcha)
    {
        var query = $"key={key}&{captcha}&json=1&pingback={Uri.EscapeDataString(_receiver.Url)}";
        var path = $"{fixture.Address}{prefix}/in.php";
        using var answer = method == "GET"
            ? await _http.GetAsync($"{path}?{query}")
            : await _http.PostAsync(path, new StringContent(query, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"));
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("request").GetString()!;
    }

    private async Task<System.Collections.Specialized.NameValueCollection> CalledAsync(string method)
    {
        await Eventually.TrueAsync(() => !_receiver.Requests.IsEmpty);
        var request = Assert.Single(_receiver.Requests);
        Assert.StartsWith($"{method} /hook?user=1", request);
        return HttpUtility.ParseQueryString(method == "GET" ? request.Split(' ')[1].Split('?')[1] : Receiver.BodyOf(request));
    }

    private async Task<string> TokenAsync(string prefix, string id) =>
        (await _http.GetStringAsync($"{fixture.Address}{prefix}/res.php?key={Key}&action=get&id={id}"))["OK|".Length..];

    public sealed class Fixture : IAsyncLifetime
    {
        private Scenario _scenario = null!;

        public string Address => _scenario.Server.Http;

        public async ValueTask InitializeAsync() => _scenario = await Scenario.StartAsync(["all:generic,latency=10ms", "bad:generic,latency=10ms,mode=unsolvable"], new()
        {
            ["Callbacks__AllowPrivateNetworks"] = "true",
            ["Keys__test__AllowedProviders__0"] = "all",
            ["Keys__bad__Key"] = BadKey,
            ["Keys__bad__AllowedProviders__0"] = "bad",
        });

        public ValueTask DisposeAsync() => _scenario.DisposeAsync();
    }
}
