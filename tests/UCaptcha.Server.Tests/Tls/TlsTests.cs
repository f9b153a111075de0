using System.Net;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;
using TaskStatus = UCaptcha.V1.TaskStatus;

namespace UCaptcha.Server.Tests.Tls;

public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task OnePort_WithAPemCertificate_SpeaksGrpcAndJsonOverBothVersions()
    {
        _authority.WritePem("first");
        await using var server = await StartAsync(("Path", "cert.pem"), ("KeyPath", "key.pem"));
        Assert.Equal(server.Http, server.Grpc);
        Assert.StartsWith("https://127.0.0.1:", server.Http);

        using var channel = GrpcChannel.ForAddress(server.Grpc, new GrpcChannelOptions { HttpHandler = _authority.Handler() });
        var balance = await new CaptchaService.CaptchaServiceClient(channel).GetBalanceAsync(new GetBalanceRequest { ClientKey = Scenario.Key });
        Assert.Equal(1000, balance.Balance);
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
            Assert.Contains("\"balance\":1000", await BalanceAsync(server, version));
    }

    [Theory]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http2", "2")]
    public async Task OnePort_Curl_GetsTheVersionThatItAsksFor(string option, string version)
    {
        var curl = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "curl")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(curl is null, "curl is not installed");
        _authority.WritePem("first");
        await using var server = await StartAsync(("Path", "cert.pem"), ("KeyPath", "key.pem"));
        await using var program = ProgramProcess.Start(
            curl!, ["-sS", option, "--cacert", _authority.RootPath, "-w", "\n%{http_version}\n", "-d", Body, server.Http + "/getBalance"]);
        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.Equal(["{\"errorId\":0,\"balance\":1000}", version], program.Output);
    }

    [Fact]
    public async Task Certificate_AsPfxWithAPassword_IsServed()
    {
        _authority.WritePfx("pfx", "open sesame");
        await using var server = await StartAsync(("Path", "cert.pfx"), ("Password", "open sesame"));
        Assert.Contains("\"balance\":1000", await BalanceAsync(server, HttpVersion.Version11));
    }

    [Fact]
    public async Task Certificate_Replaced_IsServedToNewConnectionsWithoutARestart()
    {
        _authority.WritePem("first");
        await using var server = await StartAsync(("Path", "cert.pem"), ("KeyPath", "key.pem"));
        Assert.Equal("CN=first", await SubjectAsync(server));
        File.WriteAllText(_authority.PathOf("cert.pem"), "half a file");
        Assert.Equal("CN=first", await SubjectAsync(server));
        _authority.WritePem("second");
        await Eventually.TrueAsync(async () => await SubjectAsync(server) == "CN=second");
    }

    [Theory]
    [InlineData("absent.pem", null, "absent.pem")]
    [InlineData("cert.pem", null, "no PEM or PFX certificate")]
    [InlineData("cert.pfx", "wrong", "the password is wrong")]
    [InlineData("", null, "UCaptcha:Http:Certificate:Path must name")]
    public async Task Certificate_ThatCannotBeUsed_StopsTheStartWithASentence(string name, string? password, string said)
    {
        _authority.WritePem("first");
        _authority.WritePfx("first", "right");
        await using var program = ProgramProcess.Start("dotnet", [Repository.ProgramOf("src/UCaptcha.Server")], new Dictionary<string, string>
        {
            ["UCaptcha__DataDirectory"] = _authority.PathOf("data"),
            ["UCaptcha__Http__Url"] = "https://127.0.0.1:0",
            ["UCaptcha__Http__Certificate__Path"] = name.Length == 0 ? "" : _authority.PathOf(name),
            ["UCaptcha__Http__Certificate__Password"] = password ?? "",
        });
        Assert.Equal(2, await program.WaitForExitAsync());
        Assert.Contains(said, string.Join('\n', program.Output));
        Assert.DoesNotContain(program.Output, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HundredAndFiftyStreams_OnOneConnection_AllWork(bool isTls)
    {
        _authority.WritePem("first");
        await using var server = isTls ? await StartAsync(("Path", "cert.pem"), ("KeyPath", "key.pem")) : await ServerProcess.StartAsync(Keys());
        using var handler = _authority.Handler();
        handler.EnableMultipleHttp2Connections = false;
        using var channel = GrpcChannel.ForAddress(server.Grpc, new GrpcChannelOptions { HttpHandler = handler });
        var client = new CaptchaService.CaptchaServiceClient(channel);
        var calls = Enumerable.Range(0, 150).Select(_ => client.WatchTasks(new WatchTasksRequest { ClientKey = Scenario.Key })).ToArray();
        // Each has begun, and none has ended, before a call beside them is made.
        foreach (var call in calls)
            Assert.True(await call.ResponseStream.MoveNext());
        var solved = await client.SolveTaskAsync(new SolveTaskRequest
        {
            ClientKey = Scenario.Key,
            Task = new CaptchaTask { Type = "RecaptchaV2TaskProxyless", WebsiteUrl = "https://example.com", WebsiteKey = Api.RecaptchaTestKey },
        });
        Assert.Equal(TaskStatus.Ready, solved.Status);
        foreach (var call in calls)
        {
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(solved.TaskId, call.ResponseStream.Current.TaskId);
            call.Dispose();
        }
    }

    private const string Body = $$"""{"clientKey":"{{Scenario.Key}}"}""";

    private static Dictionary<string, string> Keys() => new() { ["Keys__test__Key"] = Scenario.Key };

    private Task<ServerProcess> StartAsync(params (string Name, string Value)[] certificate)
    {
        var settings = Keys();
        settings["Http__Url"] = "https://127.0.0.1:0";
        settings["Grpc__Url"] = "";
        foreach (var (name, value) in certificate)
            settings[$"Http__Certificate__{name}"] = name == "Password" ? value : _authority.PathOf(value);
        return ServerProcess.StartAsync(settings);
    }

    private async Task<string> BalanceAsync(ServerProcess server, Version version)
    {
        using var http = new HttpClient(_authority.Handler());
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Http + "/getBalance")
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        using var response = await http.SendAsync(request);
        Assert.Equal(version, response.Version);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> SubjectAsync(ServerProcess server)
    {
        var subject = "";
        using var http = new HttpClient(_authority.Handler(seen => subject = seen));
        await http.GetStringAsync(server.Http + "/healthz");
        return subject;
    }
}
