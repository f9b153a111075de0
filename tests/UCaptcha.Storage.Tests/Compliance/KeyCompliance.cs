using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class KeyCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task SaveKey_New_IsListedAsItWas()
    {
        var limited = await Keys.SaveKeyAsync(Make.Key("a", budget: 12_345_678), None);
        var unlimited = await Keys.SaveKeyAsync(Make.Key("b") with { Configured = false }, None);

        var keys = await Keys.ListKeysAsync(None);

        Assert.Equal([1L, 2], keys.Select(k => k.Id));
        AssertKey(limited, keys[0]);
        AssertKey(unlimited, keys[1]);
        Assert.Equal(("a", true, new Usd(12_345_678)), (keys[0].Name, keys[0].Configured, keys[0].Budget));
        Assert.Equal(("b", false, null), (keys[1].Name, keys[1].Configured, keys[1].Budget));
        Assert.Equal(Make.Hash("a"), keys[0].Hash.ToArray());
    }

    [Fact]
    public async Task SaveKey_KnownName_KeepsIdAndSpending()
    {
        var first = await AddKeyAsync(budget: 100);
        await AddTaskAsync(first.Id, reserve: 60);

        var second = await Keys.SaveKeyAsync(Make.Key(budget: 50, text: "new text") with { Configured = false }, None);

        Assert.Equal(first.Id, second.Id);
        AssertKey(second, Assert.Single(await Keys.ListKeysAsync(None)));
        Assert.Equal(Make.Hash("new text"), second.Hash.ToArray());
        await AssertUsageAsync(first.Id, spent: 0, reserved: 60);
    }

    [Fact]
    public async Task SaveKey_TextOfAnotherLiveKey_Throws()
    {
        await Keys.SaveKeyAsync(Make.Key("a", text: "same"), None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Keys.SaveKeyAsync(Make.Key("b", text: "same"), None).AsTask());

        Assert.Equal(["a"], (await Keys.ListKeysAsync(None)).Select(k => k.Name));
    }

    [Fact]
    public async Task RevokeKey_Known_IsListedNoMoreAndKeepsTasksAndSpending()
    {
        var key = await AddKeyAsync(budget: 100);
        var task = await AddTaskAsync(key.Id, reserve: 60);

        await Keys.RevokeKeyAsync(key.Id, None);

        Assert.Empty(await Keys.ListKeysAsync(None));
        Assert.NotNull(await Tasks.FindAsync(task.Id, None));
        await AssertUsageAsync(key.Id, spent: 0, reserved: 60);
    }

    [Fact]
    public async Task SaveKey_RevokedName_LivesAgainWithItsId()
    {
        var key = await AddKeyAsync();
        await Keys.RevokeKeyAsync(key.Id, None);

        var again = await AddKeyAsync();

        Assert.Equal(key.Id, again.Id);
        Assert.Single(await Keys.ListKeysAsync(None));
    }

    [Fact]
    public async Task SaveKey_TextOfARevokedKey_IsFree()
    {
        var key = await Keys.SaveKeyAsync(Make.Key("a", text: "same"), None);
        await Keys.RevokeKeyAsync(key.Id, None);

        Assert.Equal(key.Id + 1, (await Keys.SaveKeyAsync(Make.Key("b", text: "same"), None)).Id);
    }

    [Fact]
    public async Task RevokeKeyAndGetUsage_Unknown_DoNothing()
    {
        await Keys.RevokeKeyAsync(99, None);

        await AssertUsageAsync(99, spent: 0, reserved: 0);
    }

    private static void AssertKey(StoredKey expected, StoredKey actual)
    {
        Assert.Equal(expected.Hash.ToArray(), actual.Hash.ToArray());
        Assert.Equal(expected with { Hash = default }, actual with { Hash = default });
    }
}
