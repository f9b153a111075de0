using System.Collections.Concurrent;

namespace UCaptcha.Proof.Tests;

/// <summary>Fails each call that unharmed runs make in a run of its own: the first of its name, the second, and so on.</summary>
/// <param name="fault">How.</param>
/// <param name="storeDies">The store is gone from then on.</param>
internal sealed class FaultRounds(Fault fault, bool storeDies)
{
    private const int AtOnce = 4;

    /// <summary>Who waits looks as often as he is woken: a run may come to fewer looks than those that were counted, and end unharmed.</summary>
    private const double MostUnharmed = 0.1;

    /// <summary>Of each name no more than so many.</summary>
    public int MostOfEach { get; init; } = int.MaxValue;

    /// <param name="unharmed">The calls of runs in which none fails; what they all come to is failed.</param>
    /// <param name="run">Makes a run with this plan, and returns every broken promise.</param>
    public async Task AssertAsync(IReadOnlyList<IReadOnlyList<string>> unharmed, Func<FaultPlan, Task<IReadOnlyList<string>>> run)
    {
        var targets = unharmed[0].Distinct()
            .SelectMany(name => Enumerable.Range(1, Math.Min(MostOfEach, unharmed.Min(calls => calls.Count(call => call == name)))).Select(at => (Call: name, At: at))).ToArray();
        var broken = new ConcurrentQueue<string>();
        var missed = new ConcurrentQueue<(string Call, int At)>();
        await Parallel.ForEachAsync(targets, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (target, _) =>
        {
            var plan = new FaultPlan(fault, target.At, storeDies, target.Call);
            foreach (var promise in await JudgeAsync(run, plan))
                broken.Enqueue($"{target.Call} {target.At}: {promise}");
            if (plan.Hit is null)
                missed.Enqueue(target);
        });

        Assert.True(broken.IsEmpty, $"{targets.Length} calls\n{string.Join('\n', broken)}");
        Assert.DoesNotContain(missed, target => target.At == 1);
        Assert.InRange(missed.Count, 0, (int)(targets.Length * MostUnharmed));
        TestContext.Current.TestOutputHelper?.WriteLine($"{targets.Length - missed.Count} calls failed in turn, not made: {string.Join(", ", missed)}");
    }

    private static async Task<IReadOnlyList<string>> JudgeAsync(Func<FaultPlan, Task<IReadOnlyList<string>>> run, FaultPlan plan)
    {
        try
        {
            return await run(plan);
        }
        catch (Exception exception)
        {
            return [exception.ToString()];
        }
    }
}
