using Dapper;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>Several nodes on one database: each store is a node.</summary>
public sealed class LeaseTests : TwoNodes
{
    [Fact]
    public async Task Write_LeaseTakenOver_IsRefusedWhateverItIs()
    {
        var key = await A.SaveKeyAsync(Make.Key("limited", budget: 1000), None);
        var task = await AddAsync(A);
        await A.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
        await EndLeaseOfAAsync();

        await Assert.ThrowsAsync<LeaseLostException>(() => A.RecordSubmissionAsync(task.Id, 1, "late", Make.Start, None).AsTask());
        await Assert.ThrowsAsync<LeaseLostException>(() => A.CloseAttemptAsync(Make.AttemptEnd(task.Id, cost: 5), None).AsTask());
        await Assert.ThrowsAsync<LeaseLostException>(() => A.FinishAsync(Make.Failed(task), None).AsTask());
        await Assert.ThrowsAsync<LeaseLostException>(() => A.AcceptAsync(Make.Task(key.Id, reserve: 10), None).AsTask());
        Assert.Equal(0, await A.RenewAsync(None));

        Assert.Equal(TaskState.Submitting, (await B.FindAsync(task.Id, None))!.State);
        Assert.Equal(default, await B.GetUsageAsync(key.Id, None));
        Assert.Empty(Host.ReadLedger());
    }

    [Fact]
    public async Task Register_AfterTheLoss_WritesAgainButNotOnTheOldTasks()
    {
        var task = await AddAsync(A);
        await EndLeaseOfAAsync();
        Assert.Single(await B.ClaimAsync(100, None));

        await A.RegisterAsync(None);

        await AddAsync(A);
        await Assert.ThrowsAsync<LeaseLostException>(() => A.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None).AsTask());
        await Assert.ThrowsAsync<LeaseLostException>(() => A.FinishAsync(Make.Failed(task), None).AsTask());
        Assert.Equal(1, await B.FinishAsync(Make.Failed(task), None));
        Assert.Equal(0, await A.FinishAsync(Make.Failed(task), None));
    }

    [Fact]
    public async Task ListNodes_TwoAlive_BothAreToldWithWhatTheyOwnUntilOneIsGone()
    {
        await AddAsync(A);
        await AddAsync(A);
        await AddAsync(B);

        var (byA, byB) = (await A.ListNodesAsync(None), await B.ListNodesAsync(None));
        Assert.Equal([(2L, true), (1L, false)], byA.Select(node => (node.Unfinished, node.IsThis)));
        Assert.Equal([(2L, false), (1L, true)], byB.Select(node => (node.Unfinished, node.IsThis)));
        Assert.Equal(byA.Select(node => (node.Number, node.Since, node.LeaseUntil)), byB.Select(node => (node.Number, node.Since, node.LeaseUntil)));
        Assert.All(byA, node => Assert.True(node.LeaseUntil > node.Since));

        // Overdue already, though nobody has ended it yet.
        PassForA(seconds: 61);
        Assert.Equal(byB[1], Assert.Single(await B.ListNodesAsync(None)));
        Assert.DoesNotContain(await A.ListNodesAsync(None), node => node.IsThis);
        await EndLeaseOfAAsync();
        await A.RegisterAsync(None);
        var again = await A.ListNodesAsync(None);
        Assert.Equal([false, true], again.Select(node => node.IsThis));
        Assert.True(again[1].Number > byA[1].Number && again[1].Unfinished == 0);
    }

    [Fact]
    public async Task Accept_SameRequestIdAtTwoNodesAtOnce_OneTaskAndItsIdForAll()
    {
        for (var round = 0; round < 5; round++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
                await (i % 2 == 0 ? A : B).AcceptAsync(Make.Task(Key, reserve: 7, requestId: $"r{round}"), None))));

            Assert.Single(outcomes, outcome => outcome.Result == AcceptResult.Accepted);
            Assert.Single(outcomes.Where(outcome => outcome.Result == AcceptResult.Repeated).Select(outcome => outcome.ExistingTaskId).Distinct());
            Assert.All(outcomes, outcome => Assert.True(outcome.Result is AcceptResult.Accepted or AcceptResult.Repeated));
        }

        Assert.Equal(35, (await A.GetUsageAsync(Key, None)).Reserved.Micros);
    }

    [Fact]
    public async Task Accept_OneBudgetAtTwoNodes_NeverAMicroDollarTooMuch()
    {
        var key = await A.SaveKeyAsync(Make.Key("limited", budget: 99_999), None);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
            (await (i % 2 == 0 ? A : B).AcceptAsync(Make.Task(key.Id, reserve: 1000), None)).Result)));

        Assert.Equal(99, outcomes.Count(result => result == AcceptResult.Accepted));
        Assert.Equal(99_000, (await B.GetUsageAsync(key.Id, None)).Reserved.Micros);
    }

    [Fact]
    public async Task Accept_TextThatPostgresCannotKeep_IsTheCallersMistakeAndNoOutage()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => A.AcceptAsync(Make.Task(Key, reserve: 7, requestId: "a\0b"), None).AsTask());

        Assert.Equal(default, await A.GetUsageAsync(Key, None));
    }

    [Fact]
    public async Task SaveKey_NameThatIsNoText_IsTheCallersMistakeAndNoOutage()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => A.SaveKeyAsync(Make.Key("cut off \ud83d"), None).AsTask());

        Assert.Single(await A.ListKeysAsync(None));
    }

    [Fact]
    public async Task Finish_AtTwoNodesWhileAReaderFollows_NoPlaceAppearsBehindTheCursor()
    {
        const int Each = 150;
        var tasks = await Task.WhenAll(new[] { A, B }.SelectMany(node => Enumerable.Range(0, Each).Select(async _ => (node, task: await AddAsync(node)))));
        var finishing = Task.WhenAll(tasks.Select(entry => Task.Run(async () => await entry.node.FinishAsync(Make.Failed(entry.task), None))));

        var seen = new List<long>();
        await Eventually.TrueAsync(async () =>
        {
            seen.AddRange((await A.ListFinishedAsync(Key, seen.LastOrDefault(), 64, None)).Tasks.Select(task => task.Sequence!.Value));
            return seen.Count >= 2 * Each;
        });

        await finishing;
        Assert.Equal(Enumerable.Range(1, 2 * Each).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task Finish_WithAnotherNodeAlive_TellsIt()
    {
        using var stop = new CancellationTokenSource();
        var heard = new List<TaskNews.EndedTask>();
        var begun = new TaskCompletionSource();
        var following = Task.Run(async () =>
        {
            await foreach (var news in B.FollowAsync(stop.Token))
            {
                if (news.Missed)
                    begun.TrySetResult();
                lock (heard)
                    heard.AddRange(news.Ended);
            }
        });
        await begun.Task;
        await A.RenewAsync(None);
        var task = await AddAsync(A);

        await A.FinishAsync(Make.Failed(task), None);

        await Eventually.TrueAsync(() =>
        {
            lock (heard)
                return heard.Contains(new TaskNews.EndedTask(task.Id, Key));
        });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Follow_LeftEarly_LeavesNoConnectionBehind()
    {
        await foreach (var news in B.FollowAsync(None))
        {
            Assert.True(news.Missed);
            Assert.Equal(1, Listeners());
            break;
        }

        await Eventually.TrueAsync(() => Listeners() == 0);

        long Listeners()
        {
            using var connection = Host.Connect();
            return connection.ExecuteScalar<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'");
        }
    }

    [Fact]
    public async Task Close_SeenAtTwoNodes_TheirRecordsAddUp()
    {
        const int Each = 20;
        var books = new[] { A, B }.Select(node => (node, book: new StatisticsBook())).ToList();
        var whole = new StatisticsBook();
        StatisticsRow expected = null!;
        for (var i = 0; i < 2 * Each; i++)
        {
            var (node, book) = books[i % 2];
            var task = await AddAsync(node);
            await node.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
            var (cost, time) = (new Usd(500 + i), TimeSpan.FromSeconds(5 + i));
            var row = i % 3 == 0 ? book.RecordFailed("main", "RecaptchaV2", Make.Start) : book.RecordSolved("main", "RecaptchaV2", cost, time, Make.Start);
            expected = i % 3 == 0 ? whole.RecordFailed("main", "RecaptchaV2", Make.Start) : whole.RecordSolved("main", "RecaptchaV2", cost, time, Make.Start);
            await node.CloseAttemptAsync(Make.AttemptEnd(task.Id, statistics: row), None);
        }

        var stored = Assert.Single(await A.ListStatisticsAsync(None));

        Assert.Equal((expected.Samples, expected.UpdatedAt), (stored.Samples, stored.UpdatedAt));
        Assert.Equal(expected.Successes, stored.Successes, 6);
        Assert.Equal(expected.Failures, stored.Failures, 6);
        Assert.Equal(expected.CostMicros!.Value, stored.CostMicros!.Value, 3);
        Assert.Equal(expected.SolveTimeMs!.Value, stored.SolveTimeMs!.Value, 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClaimCallbacks_NodeGoneWhileItSent_AreDueAtOnce(bool stopped)
    {
        var task = await AddAsync(A, "https://hook.example/");
        await A.FinishAsync(Make.Failed(task) with { Callback = NewCallback.To(task.CallbackUrl!, Make.Start) }, None);
        var claim = new CallbackClaim(Make.Start.AddHours(1), Make.Start.AddHours(2), 10, 10, [], []);
        var sent = Assert.Single(await A.ClaimCallbacksAsync(claim, None));
        Assert.Empty(await B.ClaimCallbacksAsync(claim, None));

        if (stopped)
            await A.DisposeAsync();
        else
            await EndLeaseOfAAsync();

        var again = Assert.Single(await B.ClaimCallbacksAsync(claim, None));
        Assert.Equal((sent.Id, 2), (again.Id, again.Tries));
        if (stopped)
            return;
        await A.RegisterAsync(None);
        Assert.Empty(await A.ClaimCallbacksAsync(claim, None));
        Assert.False(await A.RecordCallbackAsync(
            new CallbackRecord(sent.Id, new CallbackTry(sent.Tries, Make.Start, TimeSpan.Zero, "status 200"), CallbackState.Delivered, Make.Start, 0), None));
    }

    [Fact]
    public async Task Open_ManyAtOnceOnAnEmptyDatabase_AllOpen()
    {
        await using var host = new PostgresHost(ownDatabase: true);
        await host.CreateAsync();

        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () => await host.OpenPostgresAsync())));

        Assert.Equal(6, await stores[0].RenewAsync(None));
        foreach (var store in stores)
            await store.DisposeAsync();
        using var connection = host.Connect();
        Assert.Equal(0, connection.ExecuteScalar<long>("SELECT count(*) FROM nodes"));
    }
}
