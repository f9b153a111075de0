using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class BudgetCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task Accept_AThousandAtOnce_NeverReservesAMicroDollarTooMuch()
    {
        var key = await AddKeyAsync(budget: 299_999);
        var tasks = Enumerable.Range(0, 1000).Select(_ => Make.Task(key.Id, reserve: 1000)).ToList();

        var outcomes = await Task.WhenAll(tasks.Select(t => Task.Run(async () => (await Tasks.AcceptAsync(t, None)).Result)));

        Assert.Equal(299, outcomes.Count(o => o == AcceptResult.Accepted));
        Assert.Equal(701, outcomes.Count(o => o == AcceptResult.BudgetUsedUp));
        await AssertUsageAsync(key.Id, spent: 0, reserved: 299_000);
    }

    [Fact]
    public async Task Accept_ReserveEqualsTheRest_IsAccepted()
    {
        var key = await AddKeyAsync(budget: 100);
        await AddTaskAsync(key.Id, reserve: 60);

        Assert.Equal(AcceptResult.BudgetUsedUp, (await Tasks.AcceptAsync(Make.Task(key.Id, reserve: 41), None)).Result);
        await AddTaskAsync(key.Id, reserve: 40);
        Assert.Equal(AcceptResult.BudgetUsedUp, (await Tasks.AcceptAsync(Make.Task(key.Id, reserve: 1), None)).Result);
    }

    [Fact]
    public async Task Finish_Solved_ChargesAndFreesTheRest()
    {
        var key = await AddKeyAsync(budget: 100);
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);

        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None);

        await AssertUsageAsync(key.Id, spent: 70, reserved: 0);
        await AddTaskAsync(key.Id, reserve: 30);
        Assert.Equal(AcceptResult.BudgetUsedUp, (await Tasks.AcceptAsync(Make.Task(key.Id, reserve: 1), None)).Result);
    }

    [Fact]
    public async Task Finish_Failed_FreesEverything()
    {
        var key = await AddKeyAsync(budget: 100);
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);

        await Tasks.FinishAsync(Make.Failed(task, Make.AttemptEnd(task.Id)), None);

        await AssertUsageAsync(key.Id, spent: 0, reserved: 0);
    }

    [Fact]
    public async Task Finish_UnlimitedKey_CountsWhatItSpent()
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);
        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None);

        await AssertUsageAsync(key.Id, spent: 70, reserved: 0);
    }

    [Fact]
    public async Task SaveKey_LimitComesWhileATaskIsUnderWay_SettlesExactly()
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);
        await AddKeyAsync(budget: 1000);

        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None);

        await AssertUsageAsync(key.Id, spent: 70, reserved: 0);
    }

    [Fact]
    public async Task SaveKey_BudgetChanges_KeepsWhatIsSpentAndReserved()
    {
        var key = await AddKeyAsync(budget: 100);
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 50);
        await Tasks.FinishAsync(Make.Ready(task, charge: 50, Solved(task, cost: 50)), None);
        await AddTaskAsync(key.Id, reserve: 50);

        await AddKeyAsync(budget: 120);

        await AssertUsageAsync(key.Id, spent: 50, reserved: 50);
        Assert.Equal(AcceptResult.BudgetUsedUp, (await Tasks.AcceptAsync(Make.Task(key.Id, reserve: 21), None)).Result);
        await AddTaskAsync(key.Id, reserve: 20);
    }

    [Fact]
    public async Task Spent_AfterManyLives_IsTheSumOfTheChargesInTheLedger()
    {
        var keys = new[] { await AddKeyAsync("a", budget: 5_000), await AddKeyAsync("b") };
        var random = new Random(3);
        var lives = Enumerable.Range(0, 300).Select(i => (Key: keys[i % 2].Id, Charge: random.Next(0, 100), Solved: random.Next(3) > 0)).ToList();

        await Task.WhenAll(lives.Select(life => Task.Run(async () =>
        {
            var task = Make.Task(life.Key, reserve: 100);
            if ((await Tasks.AcceptAsync(task, None)).Result != AcceptResult.Accepted)
                return;
            await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
            var attempt = Make.AttemptEnd(task.Id, state: life.Solved ? AttemptState.Solved : AttemptState.Failed, cost: life.Charge);
            await Tasks.FinishAsync(life.Solved ? Make.Ready(task, life.Charge, attempt) : Make.Failed(task, attempt), None);
        })));

        var ledger = Host.ReadLedger();
        foreach (var key in keys)
        {
            var charged = ledger.Where(r => r.Kind == "charge" && r.KeyId == key.Id).Sum(r => r.AmountMicros);
            await AssertUsageAsync(key.Id, charged, reserved: 0);
            Assert.True(charged > 0);
        }
    }
}
