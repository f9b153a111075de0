using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using UCaptcha.Server.Tests.Callbacks;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>Whatever an administrator changes is in the audit log once, by whichever method.</summary>
public sealed partial class AuditEveryChangeTests
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Admin__Key"] = AdminApi.Key,
        ["Secrets__MasterKey"] = Convert.ToBase64String(new byte[32]),
        ["Keys__test__Key"] = Scenario.Key,
        ["Callbacks__AllowPrivateNetworks"] = "true",
    };

    private static IEnumerable<MethodDescriptor> ChangingMethods => AdminService.Descriptor.Methods.Where(method => RuleOf(method).Get.Length == 0);

    [Fact]
    public async Task Change_ByEachMethod_AddsOneRow()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var server = await ServerProcess.StartAsync(Settings);
        using var admin = new AdminApi(server);
        var changes = Changes(await CallBackAsync(server, admin, receiver));
        Assert.Equal(ChangingMethods.Select(method => method.Name).Order(), changes.Select(change => change.Method).Distinct().Order());

        var known = 0L;
        foreach (var change in changes)
        {
            var (method, path) = CallOf(change);
            var (_, answer) = await admin.SendAsync(method, path, change.Body);
            var rows = (await RowsAsync(admin)).TakeWhile(row => row.GetProperty("id").GetInt64() > known).ToArray();
            known = rows.Length > 0 ? rows[0].GetProperty("id").GetInt64() : known;

            Assert.False(answer.TryGetProperty("error", out _), $"{change.Method}: {answer}");
            Assert.Equal(change.Action is null ? [] : [(change.Action, SubjectOf(change, answer), "admin", "127.0.0.1")], rows.Select(Read));
        }
    }

    private static Change[] Changes(string callbackId) =>
    [
        new("CreateCustomer", "customer/2", "customer.create", """{"name":"acme","limited":true}"""),
        new("UpdateCustomer", "customer/2", "customer.rename", """{"name":"acme inc"}"""),
        new("AdjustBalance", "customer/2", "customer.deposit", """{"kind":"deposit","amountMicros":5000,"reference":"invoice 7"}"""),
        new("AdjustBalance", "customer/2", null, """{"kind":"deposit","amountMicros":5000,"reference":"invoice 7"}"""),
        new("AdjustBalance", "customer/2", "customer.adjustment", """{"kind":"adjustment","amountMicros":-1000}"""),
        new("CreateKey", "key/2", "key.create", """{"name":"acme-1","customerId":2}"""),
        new("UpdateKey", "key/2", "key.change", """{"settings":{"speedWeight":10},"updateMask":"settings.speedWeight"}"""),
        new("RotateKey", "key/2", "key.rotate", """{"overlapSeconds":60}"""),
        new("SetWebhookSecret", "key/2", "key.change", """{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}"""),
        new("RevokeKey", "key/2", "key.revoke"),
        new("CreateAccount", "account/spare", "account.create", """{"slug":"spare","apiKey":"k","settings":{"kind":"generic","baseUrl":"http://127.0.0.1:9/"}}"""),
        new("UpdateAccount", "account/spare", "account.update", """{"settings":{"maxConcurrent":7},"updateMask":"settings.maxConcurrent"}"""),
        new("DisableAccount", "account/spare", "account.disable"),
        new("EnableAccount", "account/spare", "account.enable"),
        new("EnableAccount", "account/spare", null),
        new("ResetAccount", "account/spare", "account.reset"),
        new("DeleteAccount", "account/spare", "account.delete"),
        new("ReplayCallback", $"callback/{callbackId}", "callback.replay"),
        new("CreateBackup", "backup/", "backup.create"),
    ];

    private static async Task<string> CallBackAsync(ServerProcess server, AdminApi admin, Receiver receiver)
    {
        using var api = new Api(server, Scenario.Key);
        await api.CreateAsync(more: $""","callbackUrl":"{receiver.Url}" """);
        JsonElement delivered = default;
        await Eventually.TrueAsync(async () => (await admin.GetAsync("/admin/v1/callbacks?state=delivered")).TryGetProperty("callbacks", out delivered));
        return delivered[0].GetProperty("id").GetString()!;
    }

    private static HttpRule RuleOf(MethodDescriptor method) => method.GetOptions().GetExtension(AnnotationsExtensions.Http);

    private static (HttpMethod Method, string Path) CallOf(Change change)
    {
        var rule = RuleOf(AdminService.Descriptor.FindMethodByName(change.Method));
        var (method, template) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Post => (HttpMethod.Post, rule.Post),
            HttpRule.PatternOneofCase.Patch => (HttpMethod.Patch, rule.Patch),
            HttpRule.PatternOneofCase.Delete => (HttpMethod.Delete, rule.Delete),
            _ => throw new InvalidOperationException($"{change.Method} is called by {rule.PatternCase}."),
        };
        return (method, Variable().Replace(template, change.Subject.Split('/')[1]));
    }

    // A copy is named by when it is made.
    private static string SubjectOf(Change change, JsonElement answer) =>
        answer.TryGetProperty("path", out var path) ? change.Subject + Path.GetFileName(path.GetString()) : change.Subject;

    private static async Task<IEnumerable<JsonElement>> RowsAsync(AdminApi admin) =>
        (await admin.GetAsync("/admin/v1/audit")).TryGetProperty("entries", out var entries) ? entries.EnumerateArray() : [];

    private static (string? Action, string? Subject, string? Actor, string? Address) Read(JsonElement row) =>
        (row.GetProperty("action").GetString(), row.GetProperty("subject").GetString(), row.GetProperty("actor").GetString(), row.GetProperty("address").GetString());

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Variable();

    /// <summary>A call that succeeds.</summary>
    /// <param name="Method">Its name in the contract.</param>
    /// <param name="Subject">What it is about, with the id that its path has.</param>
    /// <param name="Action">What the log says was done; null when it changes nothing, because that was done before.</param>
    /// <param name="Body">The JSON, or null for none.</param>
    private sealed record Change(string Method, string Subject, string? Action, string? Body = null);
}
