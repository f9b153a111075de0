using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class NodeCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task ListNodes_OneStore_IsThisOneWithItsUnfinishedTasks()
    {
        var key = await AddKeyAsync();
        await AddTaskAsync(key.Id);
        await AddSubmittedTaskAsync(key.Id);
        await Tasks.FinishAsync(Make.Failed(await AddTaskAsync(key.Id)), None);

        var node = Assert.Single(await Nodes.ListNodesAsync(None));

        Assert.True(node is { IsThis: true, Number: > 0, Unfinished: 2 });
        Assert.Equal(Environment.MachineName, node.Name);
        Assert.Equal(TimeSpan.Zero, node.Since.Offset);
        Assert.True(node.LeaseUntil is null || node.LeaseUntil > node.Since);
    }

    [Fact]
    public async Task ListNodes_Reopened_HasTheTasksFromBefore()
    {
        await AddTaskAsync((await AddKeyAsync()).Id);
        var before = Assert.Single(await Nodes.ListNodesAsync(None));

        await ReopenAsync();

        var after = Assert.Single(await Nodes.ListNodesAsync(None));
        Assert.Equal((1, true), (after.Unfinished, after.IsThis));
        Assert.True(after.Since >= before.Since);
    }
}
