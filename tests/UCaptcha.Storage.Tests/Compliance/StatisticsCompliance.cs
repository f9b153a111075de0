using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class StatisticsCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task Statistics_FromEveryEnd_LastOneStands()
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id);
        await Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id, statistics: Make.Statistics(samples: 1, cost: null)), None);
        Assert.Equal([Make.Statistics(samples: 1, cost: null)], await Tasks.ListStatisticsAsync(None));

        await Tasks.BeginAttemptAsync(Make.Attempt(task.Id, 2), Usd.Zero, None);
        await Tasks.FinishAsync(Make.Failed(task, Make.AttemptEnd(task.Id, 2, statistics: Make.Statistics(samples: 2))), None);
        await Tasks.FinishAsync(Make.Failed(task, Make.AttemptEnd(task.Id, 2, statistics: Make.Statistics(samples: 3))), None);

        Assert.Equal([Make.Statistics(samples: 2)], await Tasks.ListStatisticsAsync(None));
    }

    [Fact]
    public async Task Statistics_SeveralAccounts_EachOnce()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);
        foreach (var (account, number) in ((string, int)[])[("b", 1), ("a", 2)])
        {
            await Tasks.BeginAttemptAsync(Make.Attempt(task.Id, number, account), Usd.Zero, None);
            await Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id, number, statistics: Make.Statistics(account)), None);
        }

        Assert.Equal([Make.Statistics("a"), Make.Statistics("b")], await Tasks.ListStatisticsAsync(None));
    }

    [Fact]
    public async Task AddFeedback_Twice_TheFirstStands()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);
        await Tasks.FinishAsync(Make.Ready(task), None);

        Assert.True(await Tasks.AddFeedbackAsync(new Feedback(task.Id, true, "TOKEN_REJECTED", "m", Make.Start), Make.Statistics(samples: 5), None));
        Assert.False(await Tasks.AddFeedbackAsync(new Feedback(task.Id, false, "OK", "n", Make.Start), Make.Statistics(samples: 6), None));

        Assert.Equal(5, Assert.Single(await Tasks.ListStatisticsAsync(None)).Samples);
    }

    [Fact]
    public async Task AddFeedback_TaskGone_IsFalseAndChangesNothing()
    {
        Assert.False(await Tasks.AddFeedbackAsync(new Feedback(Guid.NewGuid(), true, "c", "m", Make.Start), Make.Statistics(), None));

        Assert.Empty(await Tasks.ListStatisticsAsync(None));
    }
}
