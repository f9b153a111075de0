using System.Net;
using System.Text.Json;
using Dapper;
using Npgsql;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>The database goes away under a server, and comes back.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Database_CrashesAndRestarts_NewWorkIsRefusedForATimeAndWhatWasAcceptedEnds()
    {
        const int Tasks = 10;
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var cluster = await PostgresCluster.StartAsync();
        var database = await cluster.CreateDatabaseAsync();
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=1s"], new Dictionary<string, string>
        {
            ["Storage__Provider"] = "postgres",
            ["Storage__ConnectionString"] = database,
            ["Keys__test__BudgetUsd"] = "1",
        });
        var api = scenario.Api;
        var ids = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => api.CreateAsync()));

        await cluster.CrashAsync();
        AssertUnavailable(await api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}}"""));
        AssertUnavailable(await api.PostAsync("/getBalance", $$"""{"clientKey":"{{Scenario.Key}}"}"""));
        AssertUnavailable(await api.PostAsync("/getTaskResult", $$"""{"clientKey":"{{Scenario.Key}}","taskId":"{{Guid.CreateVersion7()}}"}"""));
        var (status, _) = await api.PostAsync("/getBalance", """{"clientKey":"some-other-key-000"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        await cluster.RestartAsync();

        string? id = null;
        await Eventually.TrueAsync(async () =>
        {
            var (_, body) = await api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}}""");
            return body.TryGetProperty("taskId", out var accepted) && (id = accepted.GetString()) is not null;
        });
        foreach (var task in (string[])[.. ids, id!])
            Assert.Equal("ready", (await api.EndAsync(task)).GetProperty("status").GetString());
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger_proof WHERE kept <> proven"));
        Assert.Equal(await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM tasks WHERE state = 3"), await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger WHERE kind = 'charge'"));
        Assert.Equal(await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM attempts"), await scenario.Emulator.ReceivedAsync("a"));
        var told = scenario.Server.Program.Output.ToList();
        Assert.Contains(told, line => line.Contains("the store does not answer", StringComparison.Ordinal));
        Assert.All(told, line => Assert.DoesNotContain("   at ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Database_Hangs_NewWorkIsRefusedAtOnceAndWhatWasBeingCommittedIsDoneWhenItGoesOn()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var cluster = await PostgresCluster.StartAsync();
        var database = await cluster.CreateDatabaseAsync();
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=100ms"], new Dictionary<string, string>
        {
            ["Storage__Provider"] = "postgres",
            ["Storage__ConnectionString"] = database,
        });
        var api = scenario.Api;
        await api.EndAsync(await api.CreateAsync());

        await cluster.StallAsync();
        var begun = CreateAsync(api, "begun");
        var others = new List<Task<(HttpStatusCode Status, JsonElement Body)>>();
        await Eventually.TrueAsync(() =>
        {
            others.Add(CreateAsync(api, $"other-{others.Count}"));
            return others.Any(other => other.IsCompleted);
        });
        var refused = others.FindIndex(other => other.IsCompleted);
        Assert.False(begun.IsCompleted);
        // Long before the connection is given up as broken: that would undo what was begun.
        AssertUnavailable(await begun);
        await cluster.GoOnAsync();

        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await Eventually.TrueAsync(async () => await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM tasks WHERE request_id = 'begun'") == 1);
        string? again = null;
        await Eventually.TrueAsync(async () => (again = IdOf(await CreateAsync(api, "begun"))) is not null);
        Assert.Equal("ready", (await api.EndAsync(again!)).GetProperty("status").GetString());
        foreach (var other in others)
            AssertUnavailable(await other);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM tasks WHERE request_id = 'other-{refused}'"));
        await Eventually.TrueAsync(async () => IdOf(await CreateAsync(api, "new")) is not null);
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> CreateAsync(Api api, string requestId) =>
        api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","requestId":"{{requestId}}","task":{{Api.Task()}}}""");

    private static string? IdOf((HttpStatusCode Status, JsonElement Body) answer) =>
        answer.Body.TryGetProperty("taskId", out var id) ? id.GetString() : null;

    private static void AssertUnavailable((HttpStatusCode Status, JsonElement Body) answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("ERROR_SERVICE_NOT_AVAILABLE", answer.Body.GetProperty("errorCode").GetString());
    }
}
