using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class LedgerCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task Finish_Charged_WritesOneCharge()
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);

        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None);

        var row = Assert.Single(Host.ReadLedger());
        Assert.Equal(("charge", key.Id, "main", 70L), (row.Kind, row.KeyId, row.Account, row.AmountMicros));
        Assert.Equal(task.Id, new Guid(row.TaskId!, bigEndian: true));
        Assert.Equal(Make.Start.AddSeconds(30).ToUnixTimeMilliseconds(), row.At);
    }

    [Fact]
    public async Task Finish_CostAboveTheCharge_TheDifferenceIsALoss()
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);

        await Tasks.FinishAsync(Make.Ready(task, charge: 100, Solved(task, cost: 130)), None);

        Assert.Equal([("operator_loss", 30L), ("charge", 100L)], Host.ReadLedger().Select(r => (r.Kind, r.AmountMicros)));
        await AssertUsageAsync(key.Id, spent: 100, reserved: 0);
    }

    [Fact]
    public async Task Finish_FailedAttemptCostMoney_IsALoss()
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);

        await Tasks.FinishAsync(Make.Failed(task, Make.AttemptEnd(task.Id, cost: 40)), None);

        var row = Assert.Single(Host.ReadLedger());
        Assert.Equal(("operator_loss", key.Id, "main", 40L), (row.Kind, row.KeyId, row.Account, row.AmountMicros));
    }

    [Fact]
    public async Task CloseAttempt_Twice_BooksTheLossOnce()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id);

        await Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id, cost: 40), None);
        await Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id, cost: 40), None);

        Assert.Equal([40L], Host.ReadLedger().Select(r => r.AmountMicros));
    }

    [Fact]
    public async Task CloseAttempt_AfterTheTaskEnded_StillBooksTheLoss()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id);
        await Tasks.FinishAsync(Make.Failed(task), None);

        await Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id, state: AttemptState.Lost, cost: 40), None);

        Assert.Equal([("operator_loss", 40L)], Host.ReadLedger().Select(r => (r.Kind, r.AmountMicros)));
    }

    [Fact]
    public async Task Finish_NothingCharged_WritesNoRow()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id);

        await Tasks.FinishAsync(Make.Ready(task, charge: 0, Solved(task, cost: 0)), None);

        Assert.Empty(Host.ReadLedger());
    }

    [Theory]
    [InlineData("UPDATE ledger SET amount_micros = 1")]
    [InlineData("DELETE FROM ledger")]
    public async Task Ledger_ChangedBehindTheStore_IsRefused(string sql)
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id, reserve: 100);
        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None);

        Assert.ThrowsAny<System.Data.Common.DbException>(() => Host.Execute(sql));

        Assert.Equal(70, Assert.Single(Host.ReadLedger()).AmountMicros);
    }
}
