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
        // Another node may have made it a moment ago.
        await Eventually.TrueAsync(async () => await StatusOfUnknownKeyAsync() == HttpStatusCode.ServiceUnavailable);
        await cluster.RestartAsync();

        string? id = null;
        await Eventually.TrueAsync(async () =>
        {
            var (_, body) = await api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}}""");
            return body.TryGetProperty("taskId", out var accepted) && (id = accepted.GetString()) is not null;
        });
        foreach (var task in (string[])[.. ids, id!])
            Assert.Equal("ready", (await api.EndAsync(task)).GetProperty("status").GetString());
        await Eventually.TrueAsync(async () => await StatusOfUnknownKeyAsync() == HttpStatusCode.Unauthorized);
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger_proof WHERE kept <> proven"));
        Assert.Equal(await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM tasks WHERE state = 3"), await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger WHERE kind = 'charge'"));
        Assert.Equal(await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM attempts"), await scenario.Emulator.ReceivedAsync("a"));
        var told = scenario.Server.Program.Output.ToList();
        Assert.Contains(told, line => line.Contains("the store does not answer", StringComparison.Ordinal));
        Assert.All(told, line => Assert.DoesNotContain("   at ", line, StringComparison.Ordinal));

        async Task<HttpStatusCode> StatusOfUnknownKeyAsync() => (await api.PostAsync("/getBalance", """{"clientKey":"some-other-key-000"}""")).Status;
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
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");

        // A machine that pauses for longer than the client waits has the connection given up as broken, which undoes what was begun, and proves nothing.
        var done = false;
        for (var round = 1; round <= 3 && !done; round++)
            done = await HangAsync(cluster, connection, api, $"round-{round}");
        Assert.True(done);
        await Eventually.TrueAsync(async () => IdOf(await CreateAsync(api, "new")) is not null);
    }

    /// <summary>Lets the database hang for as long as clients wait. True when it did what it had begun.</summary>
    private static async Task<bool> HangAsync(PostgresCluster cluster, NpgsqlConnection connection, Api api, string round)
    {
        await cluster.StallAsync();
        var begun = CreateAsync(api, $"{round}-begun");
        var others = new List<Task<(HttpStatusCode Status, JsonElement Body)>>();
        await Eventually.TrueAsync(() =>
        {
            others.Add(CreateAsync(api, $"{round}-other-{others.Count}"));
            return others.Any(other => other.IsCompleted);
        });
        var refused = others.FindIndex(other => other.IsCompleted);
        Assert.False(begun.IsCompleted);
        AssertUnavailable(await begun);
        foreach (var other in others)
            AssertUnavailable(await other);

        await cluster.GoOnAsync();
        string? again = null;
        var stored = 0L;
        try
        {
            await Eventually.TrueAsync(async () =>
            {
                stored = Math.Max(stored, await CountAsync($"{round}-begun"));
                return stored == 1 && (again = IdOf(await CreateAsync(api, $"{round}-begun"))) is not null;
            });
        }
        catch (TimeoutException) when (stored == 0)
        {
            return false;
        }

        Assert.Equal(0, await CountAsync($"{round}-other-{refused}"));
        Assert.Equal("ready", (await api.EndAsync(again!)).GetProperty("status").GetString());
        return true;

        Task<long> CountAsync(string requestId) => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM tasks WHERE request_id = @requestId", new { requestId });
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
