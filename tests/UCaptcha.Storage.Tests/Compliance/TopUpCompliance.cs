using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class TopUpCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task BeginAttempt_DearerThanTheReserve_ReservesTheDifference()
    {
        var customer = await AddCustomerAsync("acme", deposit: 100);
        var key = await AddKeyAsync(customer, "a", budget: 90);
        var task = await AddTaskAsync(key.Id, reserve: 50);

        Assert.True(await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), new Usd(90), None));

        await AssertUsageAsync(key.Id, spent: 0, reserved: 90);
        await AssertCustomerAsync(customer.Id, balance: 100, reserved: 90);
        Assert.Equal((new Usd(90), TaskState.Submitting, 1), ((await FindAsync(task.Id)).Reserved, (await FindAsync(task.Id)).State, (await FindAsync(task.Id)).Attempts));

        await Tasks.FinishAsync(Make.Ready(task, charge: 85, Solved(task, cost: 85)), None);
        await AssertUsageAsync(key.Id, spent: 85, reserved: 0);
        await AssertCustomerAsync(customer.Id, balance: 15, reserved: 0);
        await AssertEveryCentAddsUpAsync();
    }

    [Fact]
    public async Task BeginAttempt_DearerThanTheBudget_WritesNothing()
    {
        var key = await AddKeyAsync(budget: 90);
        var task = await AddTaskAsync(key.Id, reserve: 50);

        Assert.False(await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), new Usd(91), None));

        await AssertUntouchedAsync(task, key.Id);
    }

    [Fact]
    public async Task BeginAttempt_DearerThanTheBalance_WritesNothing()
    {
        var customer = await AddCustomerAsync("acme", deposit: 90);
        var key = await AddKeyAsync(customer, "a", budget: 1000);
        var task = await AddTaskAsync(key.Id, reserve: 50);

        Assert.False(await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), new Usd(91), None));

        await AssertUntouchedAsync(task, key.Id);
        await AssertCustomerAsync(customer.Id, balance: 90, reserved: 50);
    }

    [Fact]
    public async Task BeginAttempt_CheaperThanTheReserve_LeavesIt()
    {
        var key = await AddKeyAsync(budget: 90);
        var task = await AddTaskAsync(key.Id, reserve: 50);

        Assert.True(await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), new Usd(20), None));

        await AssertUsageAsync(key.Id, spent: 0, reserved: 50);
    }

    private async Task AssertUntouchedAsync(StoredTask task, long keyId)
    {
        Assert.Empty(await Tasks.ListAttemptsAsync(task.Id, None));
        AssertSame(task, await FindAsync(task.Id));
        await AssertUsageAsync(keyId, spent: 0, reserved: 50);
        await AssertEveryCentAddsUpAsync();
    }
}
