using UCaptcha.Core.Storage;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class AuditCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task ListAudit_AfterChanges_TellsWhoWhatWhenBeforeAndAfterNewestFirst()
    {
        var customer = await AddCustomerAsync("acme", deposit: 1_500_000);
        var key = await AddKeyAsync(customer, "a");
        await KeyAdmin.ChangeKeyAsync(key.Id, terms => terms with { Name = "b" }, new ChangedBy("bob", Make.Start.AddDays(1)), None);
        await KeyAdmin.RevokeKeyAsync(key.Id + 9, Make.By, None);
        await Audit.AppendAuditAsync(new NewAuditEntry(Make.By with { Address = "192.0.2.7" }, "backup", "store", null, null), None);

        var entries = await Audit.ListAuditAsync(new AuditFilter(), long.MaxValue, 10, None);

        Assert.Equal(["backup", "key.change", "key.create", "customer.deposit", "customer.create"], entries.Select(e => e.Action));
        Assert.Equal(("bob", Make.Start.AddDays(1), $"key/{key.Id}"), (entries[1].Actor, entries[1].At, entries[1].Subject));
        Assert.Equal(["192.0.2.7", null], entries.Take(2).Select(e => e.Address));
        Assert.Contains("\"name\":\"a\"", entries[1].Before);
        Assert.Contains("\"name\":\"b\"", entries[1].After);
        Assert.Contains("\"balanceUsd\":1.5", entries[3].After);
        Assert.All(entries, e => Assert.DoesNotContain(Convert.ToBase64String(Make.Hash("a")), e.Before + e.After));
        Assert.Equal(["customer.create"], (await Audit.ListAuditAsync(new AuditFilter(), entries[3].Id, 10, None)).Select(e => e.Action));
        Assert.Single(await Audit.ListAuditAsync(new AuditFilter { Actor = "bob" }, long.MaxValue, 10, None));
        Assert.Single(await Audit.ListAuditAsync(new AuditFilter { Action = "key.create", Subject = $"key/{key.Id}" }, long.MaxValue, 10, None));
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'nobody'")]
    [InlineData("DELETE FROM audit")]
    public async Task Audit_ChangedBehindTheStore_IsRefused(string sql)
    {
        await AddCustomerAsync("acme", deposit: 1);

        Assert.ThrowsAny<System.Data.Common.DbException>(() => Host.Execute(sql));
    }
}
