using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class AcceptCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task Accept_EveryFieldSet_FoundAsItWas()
    {
        var key = await AddKeyAsync();
        var task = Make.Task(key.Id, reserve: 2990, requestId: "order-7") with
        {
            ShortId = int.MaxValue,
            Provider = "CapMonster",
            CallbackUrl = "https://example.test/done?x=1",
            SpeedWeight = 100,
        };

        Assert.Equal(new AcceptOutcome(AcceptResult.Accepted), await Tasks.AcceptAsync(task, None));

        AssertSame(task, await FindAsync(task.Id));
        AssertSame(task, (await Tasks.FindAsync(key.Id, int.MaxValue, None))!);
    }

    [Fact]
    public async Task Accept_OptionalFieldsUnset_FoundAsItWas()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);

        AssertSame(task, await FindAsync(task.Id));
    }

    [Fact]
    public async Task Accept_SliceOfALargerBuffer_KeepsTheSlice()
    {
        var buffer = "xx{}yy"u8.ToArray();
        var task = Make.Task((await AddKeyAsync()).Id) with { Request = buffer.AsMemory(2, 2) };
        await Tasks.AcceptAsync(task, None);

        Assert.Equal("{}"u8.ToArray(), (await FindAsync(task.Id)).Request.ToArray());
    }

    [Fact]
    public async Task Accept_LargeRequest_FoundAsItWas()
    {
        var request = new byte[700_000];
        new Random(1).NextBytes(request);
        var task = Make.Task((await AddKeyAsync()).Id) with { Request = request };
        await Tasks.AcceptAsync(task, None);

        Assert.Equal(request, (await FindAsync(task.Id)).Request.ToArray());
    }

    [Fact]
    public async Task Accept_ShortIdInUseByTheKey_StoresNothing()
    {
        var key = await AddKeyAsync(budget: 1000);
        var first = await AddTaskAsync(key.Id, reserve: 100);
        var second = Make.Task(key.Id, reserve: 100, requestId: "r") with { ShortId = first.ShortId };

        Assert.Equal(AcceptResult.ShortIdTaken, (await Tasks.AcceptAsync(second, None)).Result);

        Assert.Null(await Tasks.FindAsync(second.Id, None));
        await AssertUsageAsync(key.Id, spent: 0, reserved: 100);
        Assert.Equal(AcceptResult.Accepted, (await Tasks.AcceptAsync(second with { ShortId = 77 }, None)).Result);
    }

    [Fact]
    public async Task Accept_ShortIdOfAnotherKey_IsFree()
    {
        var first = await AddTaskAsync((await AddKeyAsync("a")).Id);
        var other = await AddKeyAsync("b");
        var second = Make.Task(other.Id) with { ShortId = first.ShortId };

        Assert.Equal(AcceptResult.Accepted, (await Tasks.AcceptAsync(second, None)).Result);
        Assert.Equal(second.Id, (await Tasks.FindAsync(other.Id, first.ShortId, None))!.Id);
        Assert.Equal(first.Id, (await Tasks.FindAsync(first.KeyId, first.ShortId, None))!.Id);
    }

    [Fact]
    public async Task Accept_UnknownKey_Throws()
    {
        var task = Make.Task(keyId: 999);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Tasks.AcceptAsync(task, None).AsTask());

        Assert.Null(await Tasks.FindAsync(task.Id, None));
    }

    [Fact]
    public async Task Accept_SameIdTwice_ThrowsAndKeepsTheFirst()
    {
        var key = await AddKeyAsync(budget: 1000);
        var task = await AddTaskAsync(key.Id, reserve: 10);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Tasks.AcceptAsync(task with { ShortId = 5 }, None).AsTask());

        AssertSame(task, await FindAsync(task.Id));
        await AssertUsageAsync(key.Id, spent: 0, reserved: 10);
    }

    [Fact]
    public async Task Find_Unknown_IsNull()
    {
        var key = await AddKeyAsync();

        Assert.Null(await Tasks.FindAsync(Guid.NewGuid(), None));
        Assert.Null(await Tasks.FindAsync(key.Id, 1, None));
        Assert.Empty(await Tasks.ListAttemptsAsync(Guid.NewGuid(), None));
    }

    [Fact]
    public async Task Accept_OneFailsAmongMany_TheOthersAreStored()
    {
        var key = await AddKeyAsync();
        var taken = await AddTaskAsync(key.Id);
        var tasks = Enumerable.Range(0, 200).Select(i => Make.Task(key.Id) with { Id = i % 20 == 7 ? taken.Id : Guid.NewGuid() }).ToList();

        var outcomes = await Task.WhenAll(tasks.Select(async task =>
        {
            try
            {
                return (task, (await Tasks.AcceptAsync(task, None)).Result == AcceptResult.Accepted);
            }
            catch (InvalidOperationException)
            {
                return (task, false);
            }
        }));

        foreach (var (task, accepted) in outcomes)
        {
            Assert.Equal(task.Id != taken.Id, accepted);
            if (accepted)
                AssertSame(task, await FindAsync(task.Id));
        }

        AssertSame(taken, await FindAsync(taken.Id));
    }

    [Fact]
    public async Task Accept_CancelledBefore_StoresNothing()
    {
        var task = Make.Task((await AddKeyAsync()).Id);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tasks.AcceptAsync(task, new CancellationToken(true)).AsTask());

        Assert.Null(await Tasks.FindAsync(task.Id, None));
    }

    [Fact]
    public async Task Accept_CancelledAtAnyMoment_IsStoredOrCancelledNeverBoth()
    {
        var key = await AddKeyAsync(budget: 1_000_000);
        var stored = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            using var cancellation = new CancellationTokenSource();
            var task = Make.Task(key.Id, reserve: 10);
            var accepting = Tasks.AcceptAsync(task, cancellation.Token);
            if (i % 2 == 0)
                cancellation.Cancel();
            try
            {
                await accepting;
                Assert.NotNull(await Tasks.FindAsync(task.Id, None));
                return 1;
            }
            catch (OperationCanceledException)
            {
                Assert.Null(await Tasks.FindAsync(task.Id, None));
                return 0;
            }
        })));

        Assert.True(stored.Sum() >= 200);
        await AssertUsageAsync(key.Id, spent: 0, reserved: stored.Sum() * 10);
    }

    [Fact]
    public async Task Accept_New_IsQueuedWithoutAttempts()
    {
        var found = await FindAsync((await AddTaskAsync((await AddKeyAsync()).Id)).Id);

        Assert.Equal(TaskState.Queued, found.State);
        Assert.Equal(0, found.Attempts);
        Assert.Null(found.Sequence);
        Assert.Null(found.FinishedAt);
        Assert.Equal(Usd.Zero, found.Cost);
    }
}
