using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class RefundCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task AddFeedback_WithRefundManyAtOnce_GivesTheChargeBackOnce()
    {
        var customer = await AddCustomerAsync("acme", deposit: 100);
        var key = await AddKeyAsync(customer, "a", budget: 100);
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 80);
        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None);

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await Tasks.AddFeedbackAsync(Bad(task.Id), null, None))));

        Assert.Single(taken, true);
        await AssertUsageAsync(key.Id, spent: 0, reserved: 0);
        await AssertCustomerAsync(customer.Id, balance: 100, reserved: 0);
        Assert.Equal(
            [("charge", 70L), ("refund", 70), ("operator_loss", 70)],
            Host.ReadLedger().Where(r => r.TaskId is not null).Select(r => (r.Kind, r.AmountMicros)));
        Assert.Equal(new Usd(70), (await FindAsync(task.Id)).Cost);
        await AssertEveryCentAddsUpAsync();
    }

    [Fact]
    public async Task AddFeedback_GoodFirst_TheBadOneChangesNothing()
    {
        var key = await AddKeyAsync(budget: 100);
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 80);
        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None);

        Assert.True(await Tasks.AddFeedbackAsync(new Feedback(task.Id, Invalid: false, "1000", "", Make.Start), null, None));
        Assert.False(await Tasks.AddFeedbackAsync(Bad(task.Id), null, None));

        await AssertUsageAsync(key.Id, spent: 70, reserved: 0);
    }

    [Fact]
    public async Task AddFeedback_NothingWasCharged_BooksNothing()
    {
        var key = await AddKeyAsync(budget: 100);
        var free = await AddSubmittedTaskAsync(key.Id, reserve: 80);
        await Tasks.FinishAsync(Make.Ready(free, charge: 0, Solved(free, cost: 0)), None);
        var failed = await AddSubmittedTaskAsync(key.Id, reserve: 80);
        await Tasks.FinishAsync(Make.Failed(failed, Make.AttemptEnd(failed.Id)), None);

        await Tasks.AddFeedbackAsync(Bad(free.Id), null, None);
        await Tasks.AddFeedbackAsync(Bad(failed.Id), null, None);

        Assert.Empty(Host.ReadLedger());
        await AssertUsageAsync(key.Id, spent: 0, reserved: 0);
    }

    private static Feedback Bad(Guid taskId) => new(taskId, Invalid: true, "1001", "refused", Make.Start) { Refund = true };
}
