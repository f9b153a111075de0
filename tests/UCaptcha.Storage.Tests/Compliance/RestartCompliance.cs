using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class RestartCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task Reopen_Everything_IsAsItWas()
    {
        var key = await AddKeyAsync(budget: 1000);
        var submitted = await AddSubmittedTaskAsync(key.Id, reserve: 100);
        var ended = await AddSubmittedTaskAsync(key.Id, reserve: 100);
        await Tasks.FinishAsync(Make.Ready(ended, charge: 70, Solved(ended, cost: 70) with { Statistics = Make.Statistics() }), None);
        await AddTaskAsync(key.Id, reserve: 5, requestId: "r");
        var before = (await FindAsync(submitted.Id), await FindAsync(ended.Id));

        await ReopenAsync();

        AssertSame(before.Item1, await FindAsync(submitted.Id));
        AssertSame(before.Item2, await FindAsync(ended.Id));
        Assert.Equal(AttemptState.Submitted, (await FindAttemptAsync(submitted.Id)).State);
        Assert.Equal(2, (await ListUnfinishedAsync()).Count);
        Assert.Equal([Make.Statistics()], await Tasks.ListStatisticsAsync(None));
        Assert.Equal(1, await Tasks.LastSequenceAsync(None));
        Assert.Equal(2, await Tasks.FinishAsync(Make.Failed(submitted), None));
        Assert.Equal(AcceptResult.Repeated, (await Tasks.AcceptAsync(Make.Task(key.Id, requestId: "r"), None)).Result);
        Assert.Single(await Keys.ListKeysAsync(None));
        await AssertUsageAsync(key.Id, spent: 70, reserved: 5);
    }

    [Fact]
    public async Task Close_WritesQueued_AreCommittedFirst()
    {
        var key = await AddKeyAsync();
        var tasks = Enumerable.Range(0, 1000).Select(_ => Make.Task(key.Id)).ToList();
        var accepting = tasks.Select(t => Tasks.AcceptAsync(t, None).AsTask()).ToList();

        await ReopenAsync();

        Assert.All(await Task.WhenAll(accepting), o => Assert.Equal(AcceptResult.Accepted, o.Result));
        Assert.Equal(1000, (await ListUnfinishedAsync()).Count);
    }

    [Fact]
    public async Task Close_WritesGoOn_EachIsStoredOrRefused()
    {
        var key = await AddKeyAsync();
        var started = new TaskCompletionSource();
        var accepting = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var accepted = new List<Guid>();
            try
            {
                while (true)
                {
                    accepted.Add((await AddTaskAsync(key.Id)).Id);
                    if (accepted.Count == 20)
                        started.TrySetResult();
                }
            }
            catch (StoreUnavailableException)
            {
                return accepted;
            }
        })).ToList();
        await started.Task;

        await CloseAsync();
        var accepted = (await Task.WhenAll(accepting)).SelectMany(ids => ids).Order();
        await ReopenAsync();

        Assert.Equal(accepted, (await ListUnfinishedAsync()).Select(e => e.Task.Id).Order());
    }

    [Fact]
    public async Task Close_Twice_IsHarmless()
    {
        await CloseAsync();
        await CloseAsync();
    }
}
