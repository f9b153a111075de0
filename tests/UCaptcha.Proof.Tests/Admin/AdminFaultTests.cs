using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Admin;

/// <summary>Calls of the store's other interfaces fail in turn: keys, customers, ledger, accounts, callbacks, audit, archive, keeper.</summary>
public sealed class AdminFaultTests
{
    private const int AtOnce = 4;

    /// <summary>With this set every call is failed in every way; else the first of each method, in two ways.</summary>
    private static readonly bool All = Environment.GetEnvironmentVariable("UCAPTCHA_ALL_FAULTS") is not null;

    /// <summary>How a call fails, and whether the store is gone from then on.</summary>
    public static TheoryData<Fault, bool> Ways { get; } = All
        ? new() { { Fault.Before, false }, { Fault.After, false }, { Fault.Before, true }, { Fault.After, true } }
        : new() { { Fault.Before, false }, { Fault.After, true } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Store_EachCallOfTheOtherInterfacesFailsInTurn_EveryChangeIsMadeOnceWithItsRow(Fault fault, bool storeDies)
    {
        await using var emulator = await EmulatorProcess.StartAsync(AdminScenario.Instance);
        var counting = FaultPlan.Nothing();
        await using (var quiet = new AdminScenario(emulator, counting, dies: false))
            Assert.Empty(await quiet.RunAsync());

        var calls = counting.Calls.GroupBy(call => call)
            .SelectMany(group => Enumerable.Range(1, All ? group.Count() : 1).Select(at => (Call: group.Key, At: at))).ToArray();
        var broken = new List<string>();
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (call, _) =>
        {
            await using var scenario = new AdminScenario(emulator, new FaultPlan(fault, call.At, storeDies, call.Call), storeDies);
            var promises = await RunAsync(scenario);
            lock (broken)
                broken.AddRange(promises.Select(promise => $"{call.Call} {call.At}: {promise}"));
        });
        Assert.True(broken.Count == 0, $"{calls.Length} calls\n{string.Join('\n', broken)}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{calls.Length} calls failed in turn");
    }

    private static async Task<IReadOnlyList<string>> RunAsync(AdminScenario scenario)
    {
        try
        {
            return await scenario.RunAsync();
        }
        catch (Exception exception)
        {
            return [exception.ToString()];
        }
    }
}
