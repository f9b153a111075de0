using System.Net;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>The admin port: who gets in, what is there, and what is not.</summary>
public sealed class AdminSurfaceTests
{
    private static readonly Dictionary<string, string> Settings = new() { ["Admin__Key"] = AdminApi.Key, ["Keys__a__Key"] = "key-of-a" };

    [Fact]
    public async Task Status_ByJsonAndByGrpc_IsServedOnOnePort()
    {
        var before = TimeProvider.System.GetUtcNow();
        await using var server = await ServerProcess.StartAsync(Settings);
        var behind = TimeProvider.System.GetUtcNow();
        using var admin = new AdminApi(server);
        using var channel = GrpcChannel.ForAddress(server.Admin);
        var byGrpc = await new AdminService.AdminServiceClient(channel)
            .GetStatusAsync(new GetStatusRequest(), new Metadata { { "authorization", "Bearer " + AdminApi.Key } });
        var byJson = await admin.GetAsync("/admin/v1/status");
        Assert.Equal(byGrpc.Version, byJson.GetProperty("version").GetString());
        Assert.Equal("sqlite", byGrpc.Store);
        Assert.InRange(byGrpc.StartedAt.ToDateTimeOffset(), before, behind);
    }

    [Fact]
    public async Task Lists_WithNumbersThatOnlyGrpcLetsThrough_AreRefusedWithTheField()
    {
        await using var server = await ServerProcess.StartAsync(Settings);
        using var channel = GrpcChannel.ForAddress(server.Admin);
        var client = new AdminService.AdminServiceClient(channel);
        var headers = new Metadata { { "x-admin-key", AdminApi.Key } };
        await RefusedAsync("since", () => client.ListTasksAsync(new ListTasksRequest { Since = new Timestamp { Seconds = 1_000_000_000_000_000 } }, headers));
        await RefusedAsync("until", () => client.ListTasksAsync(new ListTasksRequest { Until = new Timestamp { Nanos = -5 } }, headers));
        await RefusedAsync("until", () => client.ListLedgerAsync(new ListLedgerRequest { Until = new Timestamp { Seconds = 253_402_300_800 } }, headers));
        await RefusedAsync("kind", () => client.ListLedgerAsync(new ListLedgerRequest { Kind = (LedgerKind)99 }, headers));
        await RefusedAsync("state", () => client.ListTasksAsync(new ListTasksRequest { State = (AdminTaskState)99 }, headers));
        await RefusedAsync("state", () => client.ListCallbacksAsync(new ListCallbacksRequest { State = (CallbackState)(-7) }, headers));
        await RefusedAsync("subject", () => client.ListAuditAsync(new ListAuditRequest { Subject = "a\0b" }, headers));

        static async Task RefusedAsync<T>(string field, Func<AsyncUnaryCall<T>> call)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await call());
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.Contains(field, refused.Status.Detail);
        }
    }

    [Fact]
    public async Task Paths_OfTheOtherSurface_AreNotThere()
    {
        await using var server = await ServerProcess.StartAsync(Settings);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("x-admin-key", AdminApi.Key);
        foreach (var url in (string[])[server.Http + "/admin/v1/status", server.Http + "/metrics", server.Admin + "/healthz", server.Admin + "/"])
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(url)).StatusCode);
        using var body = new StringContent("""{"clientKey":"key-of-a"}""");
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync(server.Admin + "/getBalance", body)).StatusCode);
        using var refused = await http.PostAsync(server.Http + "/admin/v1/status", body);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains("ERROR_NO_SUCH_METHOD", await refused.Content.ReadAsStringAsync());

        using var publicChannel = GrpcChannel.ForAddress(server.Grpc);
        var status = await Assert.ThrowsAsync<RpcException>(async () =>
            await new AdminService.AdminServiceClient(publicChannel).GetStatusAsync(new GetStatusRequest(), new Metadata { { "x-admin-key", AdminApi.Key } }));
        Assert.Equal(StatusCode.Unimplemented, status.StatusCode);
        using var adminChannel = GrpcChannel.ForAddress(server.Admin);
        var balance = await Assert.ThrowsAsync<RpcException>(async () =>
            await new CaptchaService.CaptchaServiceClient(adminChannel).GetBalanceAsync(new GetBalanceRequest { ClientKey = "key-of-a" }));
        Assert.Equal(StatusCode.Unimplemented, balance.StatusCode);
    }

    [Fact]
    public async Task WrongMethod_OnTheAdminPort_IsSaid()
    {
        await using var server = await ServerProcess.StartAsync(Settings);
        using var admin = new AdminApi(server);
        var (status, body) = await admin.SendAsync(HttpMethod.Delete, "/admin/v1/status");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, status);
        Assert.Equal("UNIMPLEMENTED", body.GetProperty("error").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Key_MissingOrWrong_IsRefusedAndTenWrongOnesLockTheAddressOut()
    {
        await using var server = await ServerProcess.StartAsync(Settings);
        using var nobody = new AdminApi(server, key: null);
        var elsewhere = IPAddress.Parse("127.0.0.2");
        using var guesser = new AdminApi(server, "not-the-admin-key", elsewhere);
        using var neighbour = new AdminApi(server, from: elsewhere);
        using var admin = new AdminApi(server);
        await nobody.RefusedAsync(HttpMethod.Get, "/admin/v1/status", null, HttpStatusCode.Unauthorized, "ERROR_KEY_DOES_NOT_EXIST");
        // The key comes first: what is wrong with a request is told to administrators only.
        await nobody.RefusedAsync(HttpMethod.Get, "/admin/v1/tasks?pageSize=many", null, HttpStatusCode.Unauthorized, "ERROR_KEY_DOES_NOT_EXIST");
        for (var i = 0; i < 10; i++)
            await guesser.RefusedAsync(HttpMethod.Get, "/admin/v1/status", null, HttpStatusCode.Unauthorized, "ERROR_KEY_DOES_NOT_EXIST");
        await neighbour.RefusedAsync(HttpMethod.Get, "/admin/v1/status", null, HttpStatusCode.TooManyRequests, "ERROR_RATE_LIMIT");
        JsonElement rows = default;
        await Eventually.TrueAsync(async () => (await admin.GetAsync("/admin/v1/audit")).TryGetProperty("entries", out rows));
        var row = Assert.Single(rows.EnumerateArray());
        Assert.Equal(
            ("admin.lockout", "address/127.0.0.2", "system"),
            (row.GetProperty("action").GetString(), row.GetProperty("subject").GetString(), row.GetProperty("actor").GetString()));
        Assert.Contains(server.Program.Output, line => line.Contains("wrong admin key", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Program.Output, line => line.Contains("not-the-admin-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithoutAdminKey_MakesOneAndPrintsItOnceOnly()
    {
        using var folder = new TemporaryFolder();
        string key;
        await using (var first = await ServerProcess.StartAsync(dataFolder: folder.Path))
        {
            key = first.AdminKey!;
            using var admin = new AdminApi(first, key);
            await admin.GetAsync("/admin/v1/status");
        }

        await using var second = await ServerProcess.StartAsync(dataFolder: folder.Path);
        Assert.Null(second.AdminKey);
        using var again = new AdminApi(second, key);
        await again.GetAsync("/admin/v1/status");
    }

    [Fact]
    public async Task KeyFile_AndShortKeys_AreReadAndRefused()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "admin.key");
        await File.WriteAllTextAsync(file, AdminApi.Key + "\n");
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Admin__KeyFile"] = file });
        using var admin = new AdminApi(server);
        await admin.GetAsync("/admin/v1/status");
    }
}
