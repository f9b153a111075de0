using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests;

/// <summary>Each call of the store fails in turn: before it did anything, or after, and once or for good.</summary>
public sealed class FaultTests
{
    private const int UnharmedRuns = 3;

    [Theory]
    [InlineData(Fault.Before, false)]
    [InlineData(Fault.After, false)]
    [InlineData(Fault.Before, true)]
    [InlineData(Fault.After, true)]
    public Task Store_EachCallFailsInTurn_NothingIsLostRepeatedOrChargedTwice(Fault fault, bool storeDies) =>
        AssertAsync(fault, storeDies, UnknownSubmission.Elsewhere);

    [Fact]
    public Task Store_DiesAroundTheEndOfAnUnknownSubmissionUnderFail_TheTaskIsNotSentElsewhere() =>
        AssertAsync(Fault.After, storeDies: true, UnknownSubmission.Fail);

    private static async Task AssertAsync(Fault fault, bool storeDies, UnknownSubmission onUnknown)
    {
        await using var emulator = await EmulatorProcess.StartAsync(FaultScenario.Accounts);
        var unharmed = new List<IReadOnlyList<string>>();
        while (unharmed.Count < UnharmedRuns)
        {
            var counting = FaultPlan.Nothing();
            Assert.Empty(await RunAsync(counting, dies: false));
            foreach (var method in typeof(ITaskStore).GetMethods())
                Assert.Contains($"{nameof(ITaskStore)}.{method.Name}", counting.Calls);
            unharmed.Add(counting.Calls);
        }

        await new FaultRounds(fault, storeDies).AssertAsync(unharmed, plan => RunAsync(plan, storeDies));

        async Task<IReadOnlyList<string>> RunAsync(FaultPlan plan, bool dies)
        {
            using var scenario = new FaultScenario(emulator, plan, onUnknown);
            return await scenario.RunAsync(dies);
        }
    }
}
