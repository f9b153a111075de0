using UCaptcha.Core.Billing;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class FinishCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task Finish_Ready_KeepsResultAndAttempt()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id, reserve: 100);

        Assert.Equal(1, await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None));

        var expected = task with
        {
            State = TaskState.Ready,
            Attempts = 1,
            Sequence = 1,
            FinishedAt = Make.Start.AddSeconds(30),
            Solution = """{"token":"t"}"""u8.ToArray(),
            Cost = new Usd(70),
        };
        AssertSame(expected, await FindAsync(task.Id));
        Assert.Equal(AttemptState.Solved, (await FindAttemptAsync(task.Id)).State);
    }

    [Theory]
    [InlineData(-1, 70)]
    [InlineData(70, -1)]
    public async Task Finish_MoneyBelowZero_IsRefusedAndNothingIsWritten(long charge, long cost)
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);

        await Assert.ThrowsAsync<ArgumentException>(() => Tasks.FinishAsync(Make.Ready(task, charge, Solved(task, cost)), None).AsTask());

        Assert.Equal(TaskState.Submitted, (await FindAsync(task.Id)).State);
        await AssertUsageAsync(key.Id, spent: 0, reserved: 100);
    }

    [Fact]
    public async Task Finish_FailedWithoutAnAttempt_KeepsWhy()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);

        Assert.Equal(1, await Tasks.FinishAsync(Make.Failed(task), None));

        var found = await FindAsync(task.Id);
        Assert.Equal(TaskState.Failed, found.State);
        Assert.Equal("ERROR_CAPTCHA_UNSOLVABLE", found.ErrorCode);
        Assert.Equal("Nobody solved it.", found.ErrorDescription);
        Assert.True(found.Solution.IsEmpty);
    }

    [Fact]
    public async Task Finish_TextWithHalfACharacter_KeepsTheRestOfIt()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id);
        var end = Make.Failed(task, Make.AttemptEnd(task.Id, upstreamId: "\udc00 \ud83d\ude00") with { ErrorCode = "CODE_\ud83d" }) with { ErrorDescription = "cut off \ud83d" };

        Assert.Equal(1, await Tasks.FinishAsync(end, None));

        Assert.Equal("cut off \ufffd", (await FindAsync(task.Id)).ErrorDescription);
        var attempt = await FindAttemptAsync(task.Id);
        Assert.Equal(("\ufffd \ud83d\ude00", "CODE_\ufffd"), (attempt.UpstreamId, attempt.ErrorCode));
    }

    [Fact]
    public async Task Finish_Twice_TheSecondChangesNothing()
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);
        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None);
        var ended = await FindAsync(task.Id);
        var ledger = Host.ReadLedger().Count;

        Assert.Equal(0, await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None));
        Assert.Equal(0, await Tasks.FinishAsync(Make.Failed(task), None));

        AssertSame(ended, await FindAsync(task.Id));
        Assert.Equal(ledger, Host.ReadLedger().Count);
        Assert.Equal(1, await Tasks.LastSequenceAsync(None));
        await AssertUsageAsync(key.Id, spent: 70, reserved: 0);
    }

    [Fact]
    public async Task Finish_SameTaskAtOnce_OneWins()
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);

        var places = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
            await Tasks.FinishAsync(i % 2 == 0 ? Make.Failed(task) : Make.Ready(task, charge: 70, Solved(task, cost: 70)), None))));

        Assert.Equal([1L], places.Where(p => p != 0));
        await AssertUsageAsync(key.Id, spent: Host.ReadLedger().Sum(r => r.AmountMicros), reserved: 0);
    }

    [Fact]
    public async Task Finish_UnknownTask_IsZero() =>
        Assert.Equal(0, await Tasks.FinishAsync(Make.Failed(Make.Task((await AddKeyAsync()).Id)), None));

    [Fact]
    public async Task Finish_StateIsNoEnd_Throws()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);

        await Assert.ThrowsAsync<ArgumentException>(() => Tasks.FinishAsync(Make.Failed(task) with { State = TaskState.Queued }, None).AsTask());

        Assert.Null((await FindAsync(task.Id)).FinishedAt);
    }

    [Fact]
    public async Task Finish_ManyAtOnceWithFailuresAmongThem_PlacesHaveNoGaps()
    {
        var key = await AddKeyAsync();
        var tasks = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => AddTaskAsync(key.Id)));

        var places = await Task.WhenAll(tasks.Select((task, i) => Task.Run(async () =>
        {
            // Each tenth names an attempt that never began.
            var end = Make.Failed(task, i % 10 == 5 ? Make.AttemptEnd(task.Id) : null);
            try
            {
                return await Tasks.FinishAsync(end, None);
            }
            catch (InvalidOperationException)
            {
                return -1;
            }
        })));

        Assert.Equal(Enumerable.Range(1, 270).Select(i => (long)i), places.Where(p => p > 0).Order());
        Assert.Equal(30, places.Count(p => p == -1));
        Assert.Equal(270, await Tasks.LastSequenceAsync(None));
    }

    [Fact]
    public async Task Finish_WhileAReaderFollows_NoPlaceAppearsBehindTheCursor()
    {
        var key = await AddKeyAsync();
        var tasks = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => AddTaskAsync(key.Id)));
        var finishing = Task.WhenAll(tasks.Select(task => Task.Run(async () => await Tasks.FinishAsync(Make.Failed(task), None))));

        var seen = new List<long>();
        while (seen.Count < tasks.Length)
        {
            var last = await Tasks.LastSequenceAsync(None);
            var page = (await Tasks.ListFinishedAsync(key.Id, seen.LastOrDefault(), 64, None)).Tasks;
            Assert.True(page.Count == 64 || page.Count == 0 || page[^1].Sequence >= last);
            seen.AddRange(page.Select(t => t.Sequence!.Value));
            if (page.Count == 0 && finishing.IsCompleted)
                await finishing;
        }

        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), seen);
    }
}
