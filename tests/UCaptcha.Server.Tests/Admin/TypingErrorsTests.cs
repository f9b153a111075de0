using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>What an administrator mistypes is refused by its name, in the words of the surface, and changes nothing.</summary>
public sealed class TypingErrorsTests(TypingErrorsTests.SharedServer shared) : IClassFixture<TypingErrorsTests.SharedServer>
{
    private static readonly Metadata Key = new() { { "x-admin-key", AdminApi.Key } };

    [Theory]
    [InlineData("POST", "/admin/v1/customers", """{"name":"um","limitd":true}""", "'limitd'", "limited")]
    [InlineData("POST", "/admin/v1/customers?limited=true", """{"name":"um"}""", "'limited' is not known in the query", "nothing")]
    [InlineData("POST", "/admin/v1/keys", """{"name":"um","settings":{"allowedDomain":["example.com"]}}""", "'settings.allowedDomain'", "allowedDomains")]
    [InlineData("POST", "/admin/v1/keys", """{"name":"um","budget":5}""", "'budget'", "budgetMicros")]
    [InlineData("PATCH", "/admin/v1/keys/1", """{"updatemask":"name"}""", "'updatemask'", "updateMask")]
    [InlineData("POST", "/admin/v1/accounts", """{"slug":"um","apiKey":"k","settings":{"kind":"capmonster","maxConcurent":5}}""", "'settings.maxConcurent'", "maxConcurrent")]
    [InlineData("POST", "/admin/v1/keys/1:revoke", """{"overlapSeconds":60}""", "'overlapSeconds'", "nothing")]
    [InlineData("GET", "/admin/v1/tasks?status=failed", null, "'status' is not known in the query", "state")]
    [InlineData("GET", "/admin/v1/tasks?state=failed&keyid=2", null, "'keyid'", "keyId")]
    [InlineData("GET", "/admin/v1/status?verbose", null, "'verbose'", "nothing")]
    [InlineData("DELETE", "/admin/v1/accounts/um?force=true", null, "'force'", "nothing")]
    public async Task Json_UnknownName_IsRefusedAndChangesNothing(string method, string path, string? body, string name, string known)
    {
        using var admin = new AdminApi(shared.Server);
        var said = await admin.RefusedAsync(new HttpMethod(method), path, body, HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS");

        Assert.StartsWith(name, said);
        Assert.Contains(known, said);
        foreach (var list in (string[])["customers", "keys", "accounts"])
            Assert.DoesNotContain("\"um\"", (await admin.GetAsync($"/admin/v1/{list}")).ToString());
        Assert.False((await admin.GetAsync("/admin/v1/keys/1")).GetProperty("key").TryGetProperty("revokedAt", out _));
    }

    [Theory]
    [InlineData("PATCH", "/admin/v1/keys/1", """{"keyId":2,"name":"um","updateMask":"name"}""", "keyId")]
    [InlineData("PATCH", "/admin/v1/customers/1", """{"customerId":"2","name":"um"}""", "customerId")]
    [InlineData("PATCH", "/admin/v1/accounts/um", """{"slug":"main","settings":{"maxConcurrent":1},"updateMask":"settings.maxConcurrent"}""", "slug")]
    [InlineData("POST", "/admin/v1/customers/1:adjust", """{"customerId":2,"kind":"deposit","amountMicros":1}""", "customerId")]
    [InlineData("POST", "/admin/v1/keys/1:rotate", """{"keyId":2}""", "keyId")]
    public async Task Json_MemberThatContradictsThePath_IsRefusedAndChangesNothing(string method, string path, string body, string name)
    {
        using var admin = new AdminApi(shared.Server);
        var audited = (await admin.GetAsync("/admin/v1/audit")).ToString();
        var said = await admin.RefusedAsync(new HttpMethod(method), path, body, HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS");

        Assert.Equal($"{name} in the body is not the one in the path.", said);
        Assert.Equal(audited, (await admin.GetAsync("/admin/v1/audit")).ToString());
    }

    [Fact]
    public async Task Json_MemberThatSaysWhatThePathSays_IsTaken()
    {
        using var admin = new AdminApi(shared.Server);

        var changed = await admin.PatchAsync("/admin/v1/customers/1", """{"customerId":1,"name":"default"}""");

        Assert.Equal("default", changed.GetProperty("customer").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Json_UnknownName_IsToldToAdministratorsOnlyAndPassedOverByThePublicApi()
    {
        using var nobody = new AdminApi(shared.Server, key: null);
        await nobody.RefusedAsync(HttpMethod.Post, "/admin/v1/customers", """{"limitd":true}""", HttpStatusCode.Unauthorized, "ERROR_KEY_DOES_NOT_EXIST");
        using var api = new Api(shared.Server, SharedServer.ClientKey);

        var (status, _) = await api.PostAsync("/getBalance?odd=1", $$"""{"clientKey":"{{SharedServer.ClientKey}}","odd":1}""");

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task UpdateMask_UnknownField_IsToldInTheWordsOfTheSurface()
    {
        using var admin = new AdminApi(shared.Server);
        var account = $"/admin/v1/accounts/{await AddAccountAsync(admin, "masked")}";
        using var channel = GrpcChannel.ForAddress(shared.Server.Admin);
        var client = new AdminService.AdminServiceClient(channel);

        Assert.Contains("names 'settings.speedWait'; known are: name, budgetMicros, settings, settings.dialect, settings.speedWeight", await JsonAsync("/admin/v1/keys/1", "settings.speedWait"));
        Assert.Contains("names 'settings.maxConcurent'; known are: settings, settings.kind, settings.baseUrl", await JsonAsync(account, "settings.maxConcurent"));
        Assert.Contains("updateMask must name the fields to change, such as settings.maxConcurrent, apiKey", await JsonAsync(account, ""));
        Assert.Contains(
            "update_mask names 'settings.speed_wait'; known are: name, budget_micros, settings, settings.dialect, settings.speed_weight",
            await GrpcAsync(new UpdateKeyRequest { KeyId = 1, UpdateMask = new FieldMask { Paths = { "settings.speed_wait" } } }));
        var changed = await client.UpdateAccountAsync(
            new UpdateAccountRequest { Slug = "masked", Settings = new AccountSettings { MaxConcurrent = 7, FirstPollMs = 70 }, UpdateMask = new FieldMask { Paths = { "settings.maxConcurrent", "settings.first_poll_ms" } } },
            Key);
        Assert.Equal((7, 70), (changed.Account.Settings.MaxConcurrent, changed.Account.Settings.FirstPollMs));
        await admin.DeleteAsync(account);

        Task<string> JsonAsync(string path, string mask) =>
            admin.RefusedAsync(HttpMethod.Patch, path, $$"""{"updateMask":"{{mask}}"}""", HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS");

        async Task<string> GrpcAsync(UpdateKeyRequest request) =>
            (await Assert.ThrowsAsync<RpcException>(async () => await client.UpdateKeyAsync(request, Key))).Status.Detail;
    }

    [Theory]
    [InlineData("customers", """{"name":"  "}""", "name must have", "name")]
    [InlineData("customers", """{"name":"\u200b \u00a0"}""", "name must have", "name")]
    [InlineData("customers", """{"name":"a\u0007b"}""", "name must have", "name")]
    [InlineData("keys", """{"name":"\t"}""", "name must have", "name")]
    [InlineData("keys", """{"name":"a\u2028b"}""", "name must have", "name")]
    [InlineData("accounts", """{"slug":" ","apiKey":"k","settings":{"kind":"capmonster"}}""", "slug: an account's name has lower-case letters", "slug")]
    [InlineData("accounts", """{"slug":"","apiKey":"k","settings":{"kind":"capmonster"}}""", "slug: an account's name", "slug")]
    [InlineData("accounts", """{"slug":"a\nb","apiKey":"k","settings":{"kind":"capmonster"}}""", "slug: an account's name", "slug")]
    [InlineData("accounts", """{"slug":"x","apiKey":"a\nb","settings":{"kind":"capmonster"}}""", "apiKey must not have a control character.", "apiKey")]
    [InlineData("accounts", """{"slug":"x","apiKey":" ","settings":{"kind":"capmonster"}}""", "apiKey is missing.", "apiKey")]
    [InlineData("accounts", """{"slug":"x","apiKey":"k","settings":{"kind":"capmunster"}}""", "settings.kind is 'capmunster'; known are: ", "settings.kind")]
    [InlineData("accounts", """{"slug":"x","apiKey":"k","settings":{"kind":"capmonster","maxConcurrent":0}}""", "settings.maxConcurrent is 0; it must be", "settings.maxConcurrent")]
    [InlineData("accounts", """{"slug":"x","apiKey":"k","settings":{"kind":"capmonster","prices":{"No:Such":1}}}""", "settings.prices has 'No:Such'; known families are: ", "settings.prices")]
    public async Task Name_ThatCannotBeUsed_IsRefusedWithItsField(string list, string body, string said, string field)
    {
        using var admin = new AdminApi(shared.Server);
        var (status, answer) = await admin.SendAsync(HttpMethod.Post, $"/admin/v1/{list}", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = answer.GetProperty("error");
        Assert.StartsWith(said, error.GetProperty("message").GetString());
        Assert.Equal(field, error.GetProperty("details")[0].GetProperty("metadata").GetProperty("field").GetString());
    }

    [Fact]
    public async Task Grpc_NameThatCannotBeUsed_IsRefused()
    {
        using var channel = GrpcChannel.ForAddress(shared.Server.Admin);
        var client = new AdminService.AdminServiceClient(channel);
        var account = new CreateAccountRequest { Slug = "x", ApiKey = "a\u0001b", Settings = new AccountSettings { Kind = "capmonster" } };

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await client.CreateAccountAsync(account, Key));
        Assert.Equal((StatusCode.InvalidArgument, "apiKey must not have a control character."), (refused.StatusCode, refused.Status.Detail));
        refused = await Assert.ThrowsAsync<RpcException>(async () => await client.CreateCustomerAsync(new CreateCustomerRequest { Name = "\u3000" }, Key));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.UpdateKeyAsync(new UpdateKeyRequest { KeyId = 1, Name = " ", UpdateMask = new FieldMask { Paths = { "name" } } }, Key));
        Assert.StartsWith("name must have", refused.Status.Detail);
    }

    private static async Task<string> AddAccountAsync(AdminApi admin, string slug)
    {
        await admin.PostAsync("/admin/v1/accounts", $$"""{"slug":"{{slug}}","apiKey":"k","settings":{"kind":"generic","baseUrl":"http://127.0.0.1:9/"} }""");
        return slug;
    }

    /// <summary>One server for the tests that change nothing of it.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        public const string ClientKey = "key-of-typists";

        public ServerProcess Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Admin__Key"] = AdminApi.Key,
            ["Keys__a__Key"] = ClientKey,
            ["Secrets__MasterKey"] = Convert.ToBase64String(new byte[32]),
        });

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
