using System.Net;
using System.Net.Sockets;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using UCaptcha.Server.Tests.Callbacks;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>Callbacks reach the public internet and nothing else.</summary>
public sealed class CallbackTests
{
    [Fact]
    public async Task CreateTask_WithCallback_IsCalledWithTheNativeQuery()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Keys__a__Key"] = "callback-key",
            ["Callbacks__AllowPrivateNetworks"] = "true",
        });
        using var api = new Api(server, "callback-key");
        var id = await api.CreateAsync(more: $$""","callbackUrl":"http://127.0.0.1:{{receiver.Port}}/cb?mine=1#part" """);
        await Eventually.TrueAsync(() => receiver.Requests.Count > 0);
        var query = HttpUtility.ParseQueryString(QueryOf(receiver.Requests.First()));
        Assert.Equal("mine,captcha_id,status,code", string.Join(",", query.AllKeys));
        var token = (await api.ResultAsync(id)).GetProperty("solution").GetProperty("gRecaptchaResponse").GetString();
        Assert.Equal(("1", id, "1", token), (query["mine"], query["captcha_id"], query["status"], query["code"]));
    }

    [Fact]
    public async Task CreateTask_ReceiverFailsAtFirst_IsCalledAgain()
    {
        await using var receiver = new Receiver(call => Receiver.Status(call == 1 ? "500 Oops" : "200 OK"));
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Keys__a__Key"] = "callback-key",
            ["Callbacks__AllowPrivateNetworks"] = "true",
        });
        using var api = new Api(server, "callback-key");
        await api.CreateAsync("""{"type":"TurnstileTask","websiteURL":"https://example.com","websiteKey":"2x00000000000000000000AB"}""", $$""","callbackUrl":"http://127.0.0.1:{{receiver.Port}}/cb" """);
        await Eventually.TrueAsync(() => receiver.Requests.Count > 1);
        Assert.Equal(QueryOf(receiver.Requests.First()), QueryOf(receiver.Requests.Last()));
        Assert.EndsWith("&status=0", QueryOf(receiver.Requests.First()));
    }

    [Fact]
    public async Task CreateTask_CallbackToAPrivateAddress_IsRefused()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Keys__a__Key"] = "callback-key" });
        using var api = new Api(server, "callback-key");
        var (status, body) = await api.PostAsync("/createTask", $$"""{"clientKey":"callback-key","callbackUrl":"http://169.254.169.254/","task":{{Api.Task()}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("callbackUrl", body.GetProperty("errorDescription").GetString());
    }

    /// <summary>The query of a request line.</summary>
    private static string QueryOf(string request) => request.Split(' ')[1].Split('?')[1];
}
