using UCaptcha.Core.Tasks.Engine;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests;

/// <summary>Each call of the store fails in turn: before it did anything, or after, and once or for good.</summary>
public sealed class FaultTests
{
    private const int AtOnce = 4;

    [Theory]
    [InlineData(Fault.Before, false)]
    [InlineData(Fault.After, false)]
    [InlineData(Fault.Before, true)]
    [InlineData(Fault.After, true)]
    public async Task Store_EachCallFailsInTurn_NothingIsLostRepeatedOrChargedTwice(Fault fault, bool storeDies)
    {
        await using var emulator = await EmulatorProcess.StartAsync(FaultScenario.Accounts);
        var calls = await CountAsync(emulator);
        var broken = new List<string>();
        await Parallel.ForEachAsync(Enumerable.Range(1, calls), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (at, _) =>
        {
            var plan = new FaultPlan(fault, at, storeDies);
            await using var scenario = new FaultScenario(emulator, plan);
            var promises = await scenario.RunAsync(storeDies);
            lock (broken)
                broken.AddRange(promises.Select(promise => $"call {at} ({plan.Hit}): {promise}"));
        });
        Assert.True(broken.Count == 0, $"{calls} calls\n{string.Join('\n', broken)}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{calls} calls failed in turn");
    }

    [Fact]
    public async Task Store_DiesAroundTheEndOfAnUnknownSubmissionUnderFail_TheTaskIsNotSentElsewhere()
    {
        await using var emulator = await EmulatorProcess.StartAsync(FaultScenario.Accounts);
        var calls = await CountAsync(emulator);
        var broken = new List<string>();
        await Parallel.ForEachAsync(Enumerable.Range(1, calls), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (at, _) =>
        {
            var plan = new FaultPlan(Fault.After, at, forEver: true);
            await using var scenario = new FaultScenario(emulator, plan, UnknownSubmission.Fail);
            var promises = await scenario.RunAsync(diesAtFault: true);
            lock (broken)
                broken.AddRange(promises.Select(promise => $"call {at} ({plan.Hit}): {promise}"));
        });
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    private static async Task<int> CountAsync(EmulatorProcess emulator)
    {
        var plan = FaultPlan.Nothing();
        await using var scenario = new FaultScenario(emulator, plan);
        Assert.Empty(await scenario.RunAsync(diesAtFault: false));
        return plan.Calls.Count;
    }
}
