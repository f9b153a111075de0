using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Admin;

/// <summary>Calls of the store's other interfaces fail in turn: keys, customers, ledger, accounts, callbacks, audit, archive, keeper.</summary>
public sealed class AdminFaultTests
{
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
        Assert.Empty(await RunAsync(counting, dies: false));

        await new FaultRounds(fault, storeDies) { MostOfEach = All ? int.MaxValue : 1 }.AssertAsync([counting.Calls], plan => RunAsync(plan, storeDies));

        async Task<IReadOnlyList<string>> RunAsync(FaultPlan plan, bool dies)
        {
            await using var scenario = new AdminScenario(emulator, plan, dies);
            return await scenario.RunAsync();
        }
    }
}
