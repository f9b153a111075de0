using UCaptcha.Core.Storage;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

/// <summary>Provider accounts that are added at run time, and the admin key.</summary>
public abstract class AccountCompliance(IStoreHost host) : StoreCompliance(host)
{
    private static readonly ChangedBy By = new("admin", Make.Start);

    [Fact]
    public async Task Create_NewSlug_IsListedAndASecondIsRefused()
    {
        Assert.True(await Accounts.CreateAccountAsync(Account(), By, None));
        Assert.False(await Accounts.CreateAccountAsync(Account() with { Settings = "{}" }, By, None));
        var stored = Assert.Single(await Accounts.ListAccountsAsync(None));
        Assert.Equal(Account().Secret.ToArray(), stored.Secret.ToArray());
        Assert.Equal(Account() with { Secret = default }, stored with { Secret = default });
    }

    [Fact]
    public async Task Update_PresentRevision_ChangesItAndAnOlderOneChangesNothing()
    {
        await Accounts.CreateAccountAsync(Account(), By, None);
        var later = By with { At = Make.Start.AddHours(1) };
        Assert.True(await Accounts.UpdateAccountAsync(Account() with { Settings = "{\"kind\":\"b\"}" }, replaced: false, later, None));
        Assert.False(await Accounts.UpdateAccountAsync(Account() with { Settings = "{}" }, replaced: false, later, None));
        var stored = Assert.Single(await Accounts.ListAccountsAsync(None));
        Assert.Equal(("{\"kind\":\"b\"}", 2L), (stored.Settings, stored.Revision));
        Assert.Equal((Make.Start, later.At), (stored.CreatedAt, stored.UpdatedAt));
    }

    [Fact]
    public async Task Delete_KnownSlug_IsGoneWithItsRest()
    {
        await Accounts.CreateAccountAsync(Account(), By, None);
        await Accounts.RestAccountAsync("main", rest: true, By, None);
        Assert.True(await Accounts.DeleteAccountAsync("main", By, None));
        Assert.False(await Accounts.DeleteAccountAsync("main", By, None));
        Assert.Empty(await Accounts.ListAccountsAsync(None));
        Assert.Empty(await Accounts.ListRestingAccountsAsync(None));
    }

    [Fact]
    public async Task Rest_AnySlug_IsListedUntilItIsOver()
    {
        Assert.True(await Accounts.RestAccountAsync("configured", rest: true, By, None));
        Assert.False(await Accounts.RestAccountAsync("configured", rest: true, By, None));
        Assert.Equal(["configured"], await Accounts.ListRestingAccountsAsync(None));
        Assert.True(await Accounts.RestAccountAsync("configured", rest: false, By, None));
        Assert.Empty(await Accounts.ListRestingAccountsAsync(None));
    }

    [Fact]
    public async Task Changes_EachOne_RaisesTheVersionAndIsAudited()
    {
        var before = await Accounts.AccountsVersionAsync(None);
        await Accounts.CreateAccountAsync(Account(), By, None);
        await Accounts.UpdateAccountAsync(Account() with { Settings = "{}" }, replaced: false, By, None);
        await Accounts.RestAccountAsync("main", rest: true, By, None);
        await Accounts.DeleteAccountAsync("main", By, None);
        await Accounts.DeleteAccountAsync("main", By, None);
        Assert.Equal(before + 4, await Accounts.AccountsVersionAsync(None));
        var audit = await Audit.ListAuditAsync(new AuditFilter { Subject = "account/main" }, long.MaxValue, 10, None);
        Assert.Equal(["account.delete", "account.disable", "account.update", "account.create"], audit.Select(entry => entry.Action));
        Assert.Equal((Account().Settings, "{}"), (audit[2].Before, audit[2].After));
        Assert.Equal(("""{"enabled":true}""", """{"enabled":false}"""), (audit[1].Before, audit[1].After));
    }

    [Fact]
    public async Task Update_OfTheSecretAlone_TheAuditLogSaysWhetherItIsAnotherOne()
    {
        await Accounts.CreateAccountAsync(Account(), By, None);
        await Accounts.UpdateAccountAsync(Account() with { Secret = new byte[] { 4 } }, replaced: true, By, None);
        await Accounts.UpdateAccountAsync(Account() with { Secret = new byte[] { 5 }, SecretKey = "efgh", Revision = 2 }, replaced: false, By, None);

        var audit = await Audit.ListAuditAsync(new AuditFilter { Action = "account.update" }, long.MaxValue, 10, None);

        Assert.Equal(("""{"kind":"a"}""", """{"kind":"a","apiKey":"(replaced)"}"""), (audit[1].Before, audit[1].After));
        Assert.Equal(("""{"kind":"a","sealedUnder":"abcd"}""", """{"kind":"a","sealedUnder":"efgh"}"""), (audit[0].Before, audit[0].After));
        Assert.Equal("""{"kind":"a"}""", Assert.Single(await Accounts.ListAccountsAsync(None)).Settings);
    }

    [Fact]
    public async Task AdminKey_First_StaysAndASecondIsRefused()
    {
        Assert.Null(await AdminKeys.FindAdminKeyAsync(None));
        Assert.True(await AdminKeys.AddAdminKeyAsync([1, 2, 3], Make.Start, None));
        Assert.False(await AdminKeys.AddAdminKeyAsync([4, 5, 6], Make.Start, None));
        Assert.Equal([1, 2, 3], await AdminKeys.FindAdminKeyAsync(None));
    }

    private static StoredAccount Account() => new("main", "{\"kind\":\"a\"}", new byte[] { 7, 8, 9 }, "abcd", Revision: 1, Make.Start, Make.Start);
}
