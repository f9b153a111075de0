using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>Customers, their keys and their money, from the first deposit to the proof.</summary>
public sealed class CustomersAndKeysTests(CustomersAndKeysTests.SharedServer shared) : IClassFixture<CustomersAndKeysTests.SharedServer>
{
    private static readonly Dictionary<string, string> Admin = new() { ["Admin__Key"] = AdminApi.Key };

    [Fact]
    public async Task Customer_Limited_SpendsItsDepositAndTheLedgerProvesIt()
    {
        await using var scenario = await Scenario.StartAsync(["main:capmonster,latency=30ms,price=0.6"], Admin);
        using var admin = new AdminApi(scenario.Server);
        var customer = (await admin.PostAsync("/admin/v1/customers", """{"name":"acme","limited":true}""")).GetProperty("customer");
        var id = customer.GetProperty("id").GetInt64();
        var made = await admin.PostAsync("/admin/v1/keys", $$"""{"name":"acme-1","customerId":{{id}},"settings":{"allowedDomains":["example.com"] } }""");
        using var api = new Api(scenario.Server, made.GetProperty("text").GetString()!);
        var (status, _) = await api.PostAsync("/createTask", $$"""{"clientKey":"{{made.GetProperty("text")}}","task":{{Api.Task()}}}""");
        Assert.Equal(HttpStatusCode.PaymentRequired, status);

        const string Deposit = """{"kind":"deposit","amountMicros":5000000,"reference":"invoice 7","note":"first"}""";
        Assert.False((await admin.PostAsync($"/admin/v1/customers/{id}:adjust", Deposit)).GetProperty("repeated").GetBoolean());
        var repeated = await admin.PostAsync($"/admin/v1/customers/{id}:adjust", Deposit);
        Assert.True(repeated.GetProperty("repeated").GetBoolean());
        Assert.Equal(5_000_000, repeated.GetProperty("customer").GetProperty("balanceMicros").GetInt64());
        await admin.RefusedAsync(
            HttpMethod.Post, $"/admin/v1/customers/{id}:adjust", Deposit.Replace("5000000", "6000000"), HttpStatusCode.Conflict, "ERROR_ALREADY_EXISTS");

        var task = await api.CreateAsync();
        Assert.Equal("ready", (await api.EndAsync(task)).GetProperty("status").GetString());
        var rows = (await admin.GetAsync($"/admin/v1/ledger?customerId={id}")).GetProperty("entries").EnumerateArray().ToArray();
        Assert.Equal(["deposit", "charge"], rows.Select(row => row.GetProperty("kind").GetString()));
        Assert.Equal(task, rows[1].GetProperty("taskId").GetString());
        var proof = await admin.GetAsync("/admin/v1/ledger:verify");
        Assert.True(proof.GetProperty("checked").GetInt64() > 0);
        Assert.False(proof.TryGetProperty("differences", out _));
        var tasks = (await admin.GetAsync($"/admin/v1/tasks?customerId={id}&state=ready")).GetProperty("tasks");
        Assert.Equal(task, Assert.Single(tasks.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("example.com", tasks[0].GetProperty("targetHost").GetString());
    }

    [Fact]
    public async Task Key_ChangedRotatedRevoked_IsInForceAtOnce()
    {
        await using var server = await ServerProcess.StartAsync(Admin);
        using var admin = new AdminApi(server);
        var made = await admin.PostAsync(
            "/admin/v1/keys", """{"name":"k","settings":{"speedWeight":20,"allowedDomains":["example.com"],"blockedProviders":["capsolver"]}}""");
        var id = made.GetProperty("key").GetProperty("id").GetInt64();
        var text = made.GetProperty("text").GetString()!;
        Assert.StartsWith(made.GetProperty("key").GetProperty("prefix").GetString()!, text);

        // What the mask does not name stays on.
        var changed = (await admin.PatchAsync($"/admin/v1/keys/{id}", """{"budgetMicros":70000,"updateMask":"budgetMicros"}""")).GetProperty("key");
        Assert.Equal(["example.com"], changed.GetProperty("settings").GetProperty("allowedDomains").EnumerateArray().Select(domain => domain.GetString()));
        Assert.Equal(70_000, changed.GetProperty("budgetMicros").GetInt64());
        using var api = new Api(server, text);
        Assert.Equal(0.07, await api.BalanceAsync());

        var rotated = await admin.PostAsync($"/admin/v1/keys/{id}:rotate", """{"overlapSeconds":3600}""");
        using var newer = new Api(server, rotated.GetProperty("text").GetString()!);
        Assert.Equal(0.07, await newer.BalanceAsync());
        Assert.Equal(0.07, await api.BalanceAsync());
        await admin.PostAsync($"/admin/v1/keys/{id}:rotate", """{"overlapSeconds":0}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(newer, rotated.GetProperty("text").GetString()!));

        await admin.PostAsync($"/admin/v1/keys/{id}:revoke");
        await admin.RefusedAsync(HttpMethod.Post, $"/admin/v1/keys/{id}:rotate", "{}", HttpStatusCode.BadRequest, "ERROR_NOT_POSSIBLE");
        var actions = (await admin.GetAsync($"/admin/v1/audit?subject=key/{id}")).GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("action").GetString());
        Assert.Equal(5, actions.Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Adjust_MoreThanABalanceCanBe_IsRefusedWithTheField(bool limited)
    {
        using var folder = new TestKit.TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(Admin, folder.Path);
        using var admin = new AdminApi(server);
        var customer = (await admin.PostAsync("/admin/v1/customers", $$"""{"name":"acme","limited":{{(limited ? "true" : "false")}}}""")).GetProperty("customer");
        var id = customer.GetProperty("id").GetInt64();
        // As many deposits as it takes would keep the test busy for long.
        Execute(folder.Path, $"""
            INSERT INTO ledger (at, customer_id, kind, amount_micros, note) VALUES (0, {id}, 'deposit', 8999999999999999000, '');
            UPDATE customers SET balance_micros = 8999999999999999000 WHERE id = {id} AND limited = 1
            """);

        var said = await admin.RefusedAsync(
            HttpMethod.Post, $"/admin/v1/customers/{id}:adjust", """{"kind":"deposit","amountMicros":1000000000000000}""", HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS");
        Assert.Contains("amountMicros", said);

        var booked = await admin.PostAsync($"/admin/v1/customers/{id}:adjust", """{"kind":"adjustment","amountMicros":-1000000000000000}""");
        Assert.Equal(8_998_999_999_999_999_000, booked.GetProperty("customer").GetProperty("balanceMicros").GetInt64());
        Assert.False((await admin.GetAsync("/admin/v1/ledger:verify")).TryGetProperty("differences", out _));
    }

    [Theory]
    [InlineData("/admin/v1/customers", """{"name":""}""", "name")]
    [InlineData("/admin/v1/customers/1:adjust", """{"kind":"deposit","amountMicros":-1}""", "amountMicros")]
    [InlineData("/admin/v1/customers/1:adjust", """{"kind":"deposit","amountMicros":9223372036854775807}""", "amountMicros")]
    [InlineData("/admin/v1/customers/1:adjust", """{"kind":"adjustment","amountMicros":-9223372036854775808}""", "amountMicros")]
    [InlineData("/admin/v1/customers/1:adjust", """{"kind":"deposit","amountMicros":1,"reference":"a\u0000b"}""", "reference")]
    [InlineData("/admin/v1/customers/1:adjust", """{"kind":"deposit","amountMicros":1,"note":"a\u0000b"}""", "note")]
    [InlineData("/admin/v1/customers/1:adjust", """{"kind":"charge","amountMicros":1}""", "kind")]
    [InlineData("/admin/v1/keys", """{"name":"x","settings":{"speedWeight":101}}""", "speedWeight")]
    [InlineData("/admin/v1/keys", """{"name":"x","settings":{"dialect":"klingon"}}""", "capmonster")]
    [InlineData("/admin/v1/keys", """{"name":"x","settings":{"allowedDomains":["not a domain"]}}""", "not a domain")]
    [InlineData("/admin/v1/keys", """{"name":"x","settings":{"allowedAddresses":["nowhere"]}}""", "nowhere")]
    [InlineData("/admin/v1/keys", """{"name":"x","settings":{"allowedProviders":["nobody"]}}""", "nobody")]
    [InlineData("/admin/v1/keys", """{"name":"x","budgetMicros":-1}""", "budgetMicros")]
    [InlineData("/admin/v1/keys/1:rotate", """{"overlapSeconds":-1}""", "overlapSeconds")]
    [InlineData("/admin/v1/callbacks/x:replay", "{}", "callbackId")]
    public async Task Post_BadValue_IsRefusedWithTheField(string path, string body, string said)
    {
        using var admin = new AdminApi(shared.Server);
        Assert.Contains(said, await admin.RefusedAsync(HttpMethod.Post, path, body, HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS"));
    }

    [Theory]
    [InlineData("/admin/v1/customers", "", HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS")]
    [InlineData("/admin/v1/customers", "{\"name\":", HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS")]
    [InlineData("/admin/v1/nothing", "{}", HttpStatusCode.NotFound, "ERROR_NO_SUCH_METHOD")]
    [InlineData("/createTask", "{}", HttpStatusCode.NotFound, "ERROR_NO_SUCH_METHOD")]
    public async Task Post_Unreadable_HasAReasonToo(string path, string body, HttpStatusCode status, string reason)
    {
        using var admin = new AdminApi(shared.Server);
        await admin.RefusedAsync(HttpMethod.Post, path, body, status, reason);
    }

    [Theory]
    [InlineData("/admin/v1/customers/99")]
    [InlineData("/admin/v1/keys/99")]
    [InlineData("/admin/v1/accounts/nobody")]
    [InlineData("/admin/v1/tasks/019a0000-0000-7000-8000-000000000000")]
    [InlineData("/admin/v1/callbacks/019a0000-0000-7000-8000-000000000000")]
    public async Task Get_Unknown_IsNotFound(string path)
    {
        using var admin = new AdminApi(shared.Server);
        await admin.RefusedAsync(HttpMethod.Get, path, null, HttpStatusCode.NotFound, "ERROR_NOT_FOUND");
    }

    [Fact]
    public async Task Lists_InPages_HaveEverythingOnce()
    {
        await using var server = await ServerProcess.StartAsync(Admin);
        using var admin = new AdminApi(server);
        for (var i = 0; i < 7; i++)
            await admin.PostAsync("/admin/v1/customers", $$"""{"name":"c{{i}}"}""");
        var names = new List<string>();
        var token = "";
        do
        {
            var page = await admin.GetAsync($"/admin/v1/customers?pageSize=3&pageToken={token}");
            names.AddRange(page.GetProperty("customers").EnumerateArray().Select(customer => customer.GetProperty("name").GetString()!));
            token = page.GetProperty("nextPageToken").GetString()!;
        }
        while (token.Length > 0);
        Assert.Equal(["default", "c0", "c1", "c2", "c3", "c4", "c5", "c6"], names);
        await admin.RefusedAsync(HttpMethod.Get, "/admin/v1/customers?pageSize=501", null, HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS");
        await admin.RefusedAsync(HttpMethod.Get, "/admin/v1/customers?pageToken=mine", null, HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS");
    }

    [Fact]
    public async Task Backup_OfARunningServer_IsAFileThatServes()
    {
        using var folder = new TestKit.TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(Admin);
        using var admin = new AdminApi(server);
        await admin.PostAsync("/admin/v1/customers", """{"name":"kept"}""");
        var backup = await admin.PostAsync("/admin/v1/backups");
        var path = backup.GetProperty("path").GetString()!;
        Assert.Equal(new FileInfo(path).Length, backup.GetProperty("sizeBytes").GetInt64());
        var entry = (await admin.GetAsync("/admin/v1/audit?action=backup.create")).GetProperty("entries")[0];
        Assert.Equal($$"""{"sizeBytes":{{new FileInfo(path).Length}}}""", entry.GetProperty("after").GetString());
        File.Copy(path, Path.Combine(folder.Path, "ucaptcha.db"));
        await using var restored = await ServerProcess.StartAsync(Admin, folder.Path);
        using var again = new AdminApi(restored);
        Assert.Equal("kept", (await again.GetAsync("/admin/v1/customers/2")).GetProperty("customer").GetProperty("name").GetString());
    }

    private static void Execute(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "ucaptcha.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task<HttpStatusCode> StatusAsync(Api api, string key) =>
        (await api.PostAsync("/getBalance", $$"""{"clientKey":"{{key}}"}""")).Status;

    /// <summary>One server for all the questions that change nothing.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        public ServerProcess Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync(Admin);

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
