using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class ArchiveCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task ListTasks_ByPage_NewestFirstAndEachOnce()
    {
        var key = await AddKeyAsync();
        var created = new List<Guid>();
        for (var i = 0; i < 7; i++)
            created.Add((await AddTaskAsync(key.Id, at: Make.Start.AddSeconds(i))).Id);

        var listed = new List<Guid>();
        while (await Archive.ListTasksAsync(new TaskFilter(), listed.Count == 0 ? null : listed[^1], 3, None) is { Count: > 0 } page)
            listed.AddRange(page.Select(t => t.Id));

        Assert.Equal(Enumerable.Reverse(created), listed);
    }

    [Fact]
    public async Task ListTasks_Filtered_HasOnlyThose()
    {
        var customer = await AddCustomerAsync("acme", deposit: 100);
        var (mine, other) = (await AddKeyAsync(customer, "a"), await AddKeyAsync("k"));
        var early = await AddTaskAsync(mine.Id, at: Make.Start);
        var late = await AddTaskAsync(mine.Id, at: Make.Start.AddSeconds(10));
        var ended = await AddTaskAsync(other.Id, at: Make.Start.AddSeconds(5));
        await Tasks.FinishAsync(Make.Failed(ended), None);

        Assert.Equal([late.Id, early.Id], await ListAsync(new TaskFilter { KeyId = mine.Id }));
        Assert.Equal([late.Id, early.Id], await ListAsync(new TaskFilter { CustomerId = customer.Id }));
        Assert.Equal([late.Id, early.Id], await ListAsync(new TaskFilter { State = TaskState.Queued }));
        Assert.Equal([ended.Id], await ListAsync(new TaskFilter { State = TaskState.Failed }));
        Assert.Equal([ended.Id], await ListAsync(new TaskFilter { Since = Make.Start.AddSeconds(5), Until = Make.Start.AddSeconds(10) }));
        Assert.Equal([late.Id, ended.Id, early.Id], await ListAsync(new TaskFilter { Since = DateTimeOffset.MinValue }));
        Assert.Empty(await ListAsync(new TaskFilter { Until = DateTimeOffset.UnixEpoch.AddDays(-1) }));
    }

    [Fact]
    public async Task GetStatus_CountsWhatIsThere()
    {
        var key = await AddKeyAsync();
        await AddTaskAsync(key.Id, at: Make.Start.AddSeconds(3), requestId: "r");
        var lost = await AddSubmittedTaskAsync(key.Id, reserve: 9);
        await Tasks.CloseAttemptAsync(Make.AttemptEnd(lost.Id, state: AttemptState.Lost, cost: 4), None);
        await Tasks.FinishAsync(Make.Failed(lost), None);

        var status = await Keeper.GetStatusAsync(None);

        Assert.Equal((1L, Make.Start.AddSeconds(3)), (status.Unfinished, status.OldestUnfinishedAt));
        Assert.Equal((1L, Make.Start.AddSeconds(30)), (status.Finished, status.OldestFinishedAt));
        Assert.Equal((1L, 1L, 1L, 0L), (status.LostAttempts, status.RequestIds, status.LedgerRows, status.AuditRows));
        Assert.True(status.SizeBytes > 0 && status.SchemaVersion > 0);
    }

    private async Task<IEnumerable<Guid>> ListAsync(TaskFilter filter) => (await Archive.ListTasksAsync(filter, null, 10, None)).Select(t => t.Id);
}
