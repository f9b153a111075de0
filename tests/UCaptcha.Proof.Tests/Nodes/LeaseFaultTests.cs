using UCaptcha.Core.Storage;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Nodes;

/// <summary>Calls fail in turn with which nodes on one database keep their leases, take each other's tasks and tell each other news.</summary>
public sealed class LeaseFaultTests
{
    /// <summary>With this set every call is failed; else the first two of each method.</summary>
    private static readonly bool All = Environment.GetEnvironmentVariable("UCAPTCHA_ALL_FAULTS") is not null;

    /// <summary>Ends only with its reader; what becomes of its connection is the store's own affair.</summary>
    private const string Follow = $"{nameof(ITaskNews)}.{nameof(ITaskNews.FollowAsync)}";

    /// <summary>The store itself knows what it has taken when an answer of the database gets lost, and tells it the next time.</summary>
    private const string Claim = $"{nameof(ILeaseStore)}.{nameof(ILeaseStore.ClaimAsync)}";

    [Fact]
    public async Task Store_EachCallAboutLeasesFailsInTurn_TasksChangeHandsAndNoneIsLostOrRepeated()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var emulator = await EmulatorProcess.StartAsync(LeaseScenario.Instance);
        await using var cluster = await PostgresCluster.StartAsync("fsync=off");
        var counting = FaultPlan.Nothing();
        Assert.Empty(await RunAsync(counting));

        await AssertAsync(Fault.Before, Follow);
        await AssertAsync(Fault.After, Follow, Claim);

        Task AssertAsync(Fault fault, params string[] spared) => new FaultRounds(fault, storeDies: false) { MostOfEach = All ? int.MaxValue : 2 }
            .AssertAsync([[.. counting.Calls.Where(call => !spared.Contains(call))]], RunAsync);

        async Task<IReadOnlyList<string>> RunAsync(FaultPlan plan)
        {
            await using var scenario = new LeaseScenario(emulator, await cluster.CreateDatabaseAsync(), plan);
            return await scenario.RunAsync();
        }
    }
}
