using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class ListingCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task ListUnfinished_EveryState_OnlyThoseUnderWayOldestFirst()
    {
        var key = await AddKeyAsync();
        var late = await AddTaskAsync(key.Id, at: Make.Start.AddMinutes(2));
        var early = await AddTaskAsync(key.Id, at: Make.Start.AddMinutes(-1));
        var submitted = await AddSubmittedTaskAsync(key.Id);
        var ended = await AddTaskAsync(key.Id);
        await Tasks.FinishAsync(Make.Failed(ended), None);

        var list = await ListUnfinishedAsync();

        Assert.Equal([early.Id, submitted.Id, late.Id], list.Select(e => e.Task.Id));
        Assert.Equal([0, 1, 0], list.Select(e => e.Attempts.Count));
        Assert.Equal("up-1", list[1].Attempts[0].UpstreamId);
        Assert.Equal(TaskState.Submitted, list[1].Task.State);
    }

    [Fact]
    public async Task ListUnfinished_MoreThanAPageOfOneMoment_EachOnce()
    {
        var key = await AddKeyAsync();
        var tasks = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => AddTaskAsync(key.Id, at: Make.Start.AddMilliseconds(i / 400))));

        var list = await ListUnfinishedAsync();

        Assert.Equal(tasks.Select(t => t.Id).Order(), list.Select(e => e.Task.Id).Order());
        Assert.Equal(list.Select(e => e.Task.CreatedAt).Order(), list.Select(e => e.Task.CreatedAt));
    }

    [Fact]
    public async Task ListUnfinished_Nothing_IsEmpty() => Assert.Empty(await ListUnfinishedAsync());

    [Fact]
    public async Task ListUnfinished_EndedWhileReading_GoesOn()
    {
        var key = await AddKeyAsync();
        await Task.WhenAll(Enumerable.Range(0, 600).Select(_ => AddTaskAsync(key.Id)));

        var seen = 0;
        await foreach (var (task, _) in Tasks.ListUnfinishedAsync(None))
        {
            await Tasks.FinishAsync(Make.Failed(task), None);
            seen++;
        }

        Assert.Equal(600, seen);
        Assert.Empty(await ListUnfinishedAsync());
    }

    [Fact]
    public async Task ListFinished_LargeResults_FitFewOnAPage()
    {
        var key = await AddKeyAsync("large");
        for (var i = 0; i < 4; i++)
            await Tasks.FinishAsync(Make.Ready(await AddTaskAsync(key.Id)) with { Solution = new byte[FinishedPage.Bytes / 2] }, None);

        var first = await Tasks.ListFinishedAsync(key.Id, 0, 3, None);
        var second = await Tasks.ListFinishedAsync(key.Id, first.Tasks[^1].Sequence!.Value, 3, None);
        var third = await Tasks.ListFinishedAsync(key.Id, second.Tasks[^1].Sequence!.Value, 3, None);

        Assert.Equal([2, 2, 0], new[] { first, second, third }.Select(page => page.Tasks.Count));
        Assert.Equal([true, true, false], new[] { first, second, third }.Select(page => page.IsFull));
        Assert.All(first.Tasks, task => Assert.True(task.Request.IsEmpty));
        Assert.Equal(FinishedPage.Bytes / 2, first.Tasks[0].Solution.Length);
    }

    [Fact]
    public async Task ListFinished_Pages_InCommitOrderOfThatKeyOnly()
    {
        var (mine, other) = (await AddKeyAsync("a"), await AddKeyAsync("b"));
        var ended = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            var task = await AddTaskAsync(mine.Id, at: Make.Start.AddMinutes(-i));
            await Tasks.FinishAsync(Make.Failed(task), None);
            await Tasks.FinishAsync(Make.Failed(await AddTaskAsync(other.Id)), None);
            ended.Add(task.Id);
        }

        await AddTaskAsync(mine.Id);

        var first = (await Tasks.ListFinishedAsync(mine.Id, 0, 3, None)).Tasks;
        var second = (await Tasks.ListFinishedAsync(mine.Id, first[^1].Sequence!.Value, 3, None)).Tasks;

        Assert.Equal(ended, first.Concat(second).Select(t => t.Id));
        Assert.Equal([1L, 3, 5, 7, 9], first.Concat(second).Select(t => t.Sequence!.Value));
        Assert.Empty((await Tasks.ListFinishedAsync(mine.Id, 9, 3, None)).Tasks);
        Assert.Equal(10, await Tasks.LastSequenceAsync(None));
    }

    [Fact]
    public async Task LastSequence_NothingEnded_IsZero()
    {
        await AddTaskAsync((await AddKeyAsync()).Id);

        Assert.Equal(0, await Tasks.LastSequenceAsync(None));
    }

    [Fact]
    public async Task Reads_Cancelled_AreCancelled()
    {
        var cancelled = new CancellationToken(true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tasks.FindAsync(Guid.NewGuid(), cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Keys.ListKeysAsync(cancelled).AsTask());
    }

    [Fact]
    public async Task Everything_StoreClosed_IsUnavailable()
    {
        var key = await AddKeyAsync();
        await CloseAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Tasks.AcceptAsync(Make.Task(key.Id), None).AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Tasks.FindAsync(Guid.NewGuid(), None).AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Keys.ListKeysAsync(None).AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(ListUnfinishedAsync);
    }
}
