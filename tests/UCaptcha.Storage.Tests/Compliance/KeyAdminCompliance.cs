using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class KeyAdminCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task CreateKey_WithSettings_IsReadAsItWas()
    {
        Assert.True(AddressRules.TryParse(["203.0.113.0/24"], out var addresses, out _));
        Assert.True(DomainRules.TryParse(["*.example.com"], out var domains, out _));
        var key = Made("a") with
        {
            Budget = new Usd(5),
            Prefix = "ucap_AbCd",
            Settings = new KeySettings
            {
                Dialect = "capmonster",
                SpeedWeight = 90,
                AllowedProviders = ["main"],
                BlockedProviders = ["2captcha"],
                AllowedAddresses = addresses,
                AllowedDomains = domains,
                RatePer10s = 7,
            },
        };

        var made = await KeyAdmin.CreateKeyAsync(key, Make.By, None);
        await ReopenAsync();

        var stored = Assert.Single(await Keys.ListKeysAsync(None));
        Assert.Equal((made.Key!.Id, "ucap_AbCd", new Usd(5), Make.Start), (stored.Id, stored.Prefix, stored.Budget, stored.CreatedAt));
        Assert.Equal(KeySettingsJson.Write(key.Settings), KeySettingsJson.Write(stored.Settings));
        Assert.Equal(("capmonster", 90, 7), (stored.Settings.Dialect, stored.Settings.SpeedWeight, stored.Settings.RatePer10s));
        Assert.True(stored.Settings.AllowedDomains.Matches("shop.example.com"));
    }

    [Fact]
    public async Task CreateKey_Taken_IsRefused()
    {
        await KeyAdmin.CreateKeyAsync(Made("a"), Make.By, None);

        Assert.Equal(KeyChangeResult.NameTaken, (await KeyAdmin.CreateKeyAsync(Make.Key("a", text: "other"), Make.By, None)).Result);
        Assert.Equal(KeyChangeResult.TextTaken, (await KeyAdmin.CreateKeyAsync(Make.Key("b", text: "a"), Make.By, None)).Result);
        Assert.Equal(KeyChangeResult.UnknownCustomer, (await KeyAdmin.CreateKeyAsync(Made("c") with { CustomerId = 99 }, Make.By, None)).Result);
        Assert.Single(await Keys.ListKeysAsync(None));
    }

    [Fact]
    public async Task RotateKey_WithOverlap_KeepsTheOldHashUntilThen()
    {
        var id = (await KeyAdmin.CreateKeyAsync(Made("a"), Make.By, None)).Key!.Id;

        var rotated = (await KeyAdmin.RotateKeyAsync(id, new KeyText(Make.Hash("new"), "ucap_new1"), Make.Start.AddHours(1), Make.By, None)).Key!;

        Assert.Equal(Make.Hash("new"), rotated.Hash.ToArray());
        Assert.Equal(Make.Hash("a"), rotated.PreviousHash.ToArray());
        Assert.Equal(("ucap_new1", Make.Start.AddHours(1)), (rotated.Prefix, rotated.PreviousUntil));

        var again = (await KeyAdmin.RotateKeyAsync(id, new KeyText(Make.Hash("newer"), "ucap_new2"), Make.Start, Make.By, None)).Key!;
        Assert.True(again.PreviousHash.IsEmpty);
        Assert.Null(again.PreviousUntil);
    }

    [Fact]
    public async Task ChangeKey_ManyAtOnce_LosesNoChange()
    {
        var id = (await KeyAdmin.CreateKeyAsync(Made("a") with { Budget = Usd.Zero }, Make.By, None)).Key!.Id;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () => await KeyAdmin.ChangeKeyAsync(
            id, terms => terms with { Budget = terms.Budget!.Value + new Usd(1), Settings = terms.Settings with { SpeedWeight = 70 } }, Make.By, None))));

        var key = await KeyAdmin.FindKeyAsync(id, None);
        Assert.Equal((new Usd(50), 70), (key!.Budget, key.Settings.SpeedWeight));
    }

    [Fact]
    public async Task ChangeKey_WebhookSecrets_AreReadAsTheyWereAndLeftAloneByOtherChanges()
    {
        var id = (await KeyAdmin.CreateKeyAsync(Made("a"), Make.By, None)).Key!.Id;
        StoredWebhookSecret[] secrets = [new("0a1b2c3d", new byte[] { 1, 2, 3 }, Until: null), new("99999999", new byte[] { 4 }, Make.Start.AddHours(1))];

        await KeyAdmin.ChangeKeyAsync(id, terms => terms with { WebhookSecrets = secrets }, Make.By, None);
        await KeyAdmin.ChangeKeyAsync(id, terms => terms with { Name = "b" }, Make.By, None);
        await KeyAdmin.RotateKeyAsync(id, new KeyText(Make.Hash("new"), "ucap_new1"), Make.Start, Make.By, None);
        await ReopenAsync();

        var stored = (await KeyAdmin.FindKeyAsync(id, None))!.WebhookSecrets;
        Assert.Equal(secrets.Select(Values), stored.Select(Values));

        static (string, string, DateTimeOffset?) Values(StoredWebhookSecret secret) =>
            (secret.SecretKey, Convert.ToHexString(secret.Secret.Span), secret.Until);
    }

    [Fact]
    public async Task ChangeKey_AnotherWebhookSecret_TheAuditLogSaysThatItIsNew()
    {
        var id = (await KeyAdmin.CreateKeyAsync(Made("a"), Make.By, None)).Key!.Id;
        StoredWebhookSecret first = new("0a1b2c3d", new byte[] { 1 }, Until: null);
        await KeyAdmin.ChangeKeyAsync(id, terms => terms with { WebhookSecrets = [first] }, Make.By, None);
        await KeyAdmin.ChangeKeyAsync(id, terms => terms with { WebhookSecrets = [first with { Secret = new byte[] { 2 } }] }, Make.By, None);
        await KeyAdmin.ChangeKeyAsync(id, terms => terms with { Name = "b" }, Make.By, None);
        await KeyAdmin.ResealKeyAsync(id, secrets => [.. secrets.Select(secret => secret with { Secret = new byte[] { 3 }, SecretKey = "new" })], Make.By, None);

        var audit = await Audit.ListAuditAsync(new AuditFilter { Subject = $"key/{id}" }, long.MaxValue, 4, None);

        Assert.Equal([false, false, true, true], audit.Select(entry => entry.After!.Contains("(new)", StringComparison.Ordinal)));
        Assert.All(audit, entry => Assert.DoesNotContain("(new)", entry.Before));
    }

    [Fact]
    public async Task RevokeKey_Twice_IsRefusedTheSecondTimeAndTheKeyIsStillFound()
    {
        var key = (await KeyAdmin.CreateKeyAsync(Made("a"), Make.By, None)).Key!;

        Assert.Equal(KeyChangeResult.Done, (await KeyAdmin.RevokeKeyAsync(key.Id, Make.By, None)).Result);
        Assert.Equal(KeyChangeResult.Revoked, (await KeyAdmin.RevokeKeyAsync(key.Id, Make.By, None)).Result);
        Assert.Equal(KeyChangeResult.Revoked, (await KeyAdmin.ChangeKeyAsync(key.Id, terms => terms, Make.By, None)).Result);

        Assert.Empty(await Keys.ListKeysAsync(None));
        Assert.Equal(Make.Start, (await KeyAdmin.FindKeyAsync(key.Id, None))!.RevokedAt);
        Assert.Single(await KeyAdmin.ListKeysAsync(StoredCustomer.DefaultId, 0, 10, None));
    }

    [Fact]
    public async Task ResealKey_Revoked_SealsAnewAndChangesNothingElse()
    {
        var id = (await KeyAdmin.CreateKeyAsync(Made("a"), Make.By, None)).Key!.Id;
        await KeyAdmin.ChangeKeyAsync(id, terms => terms with { WebhookSecrets = [new StoredWebhookSecret("old", new byte[] { 1 }, Until: null)] }, Make.By, None);
        var revoked = (await KeyAdmin.RevokeKeyAsync(id, Make.By, None)).Key!;
        var version = await Keys.KeysVersionAsync(None);

        var resealed = await KeyAdmin.ResealKeyAsync(id, secrets => [.. secrets.Select(secret => secret with { SecretKey = "new" })], Make.By, None);

        Assert.Equal(KeyChangeResult.Done, resealed.Result);
        var found = (await KeyAdmin.FindKeyAsync(id, None))!;
        Assert.Equal(("new", revoked.RevokedAt, revoked.Name), (Assert.Single(found.WebhookSecrets).SecretKey, found.RevokedAt, found.Name));
        Assert.True(await Keys.KeysVersionAsync(None) > version);
        Assert.Equal(KeyChangeResult.UnknownKey, (await KeyAdmin.ResealKeyAsync(99, secrets => secrets, Make.By, None)).Result);
    }

    [Fact]
    public async Task Change_ConfiguredOrUnknownKey_IsRefused()
    {
        var configured = await AddKeyAsync();

        Assert.Equal(KeyChangeResult.Configured, (await KeyAdmin.RevokeKeyAsync(configured.Id, Make.By, None)).Result);
        Assert.Equal(KeyChangeResult.UnknownKey, (await KeyAdmin.RevokeKeyAsync(99, Make.By, None)).Result);
    }

    [Fact]
    public async Task SaveKey_NameOfAnotherCustomersKey_Throws()
    {
        await AddKeyAsync(await AddCustomerAsync("acme", deposit: 1), "shared");

        await Assert.ThrowsAsync<InvalidOperationException>(() => AddKeyAsync("shared").AsTask());
    }

    [Fact]
    public async Task KeysVersion_EveryChange_Rises()
    {
        var versions = new List<long> { await Keys.KeysVersionAsync(None) };
        var id = (await KeyAdmin.CreateKeyAsync(Made("a"), Make.By, None)).Key!.Id;
        versions.Add(await Keys.KeysVersionAsync(None));
        await KeyAdmin.ChangeKeyAsync(id, terms => terms with { Name = "b" }, Make.By, None);
        versions.Add(await Keys.KeysVersionAsync(None));
        await KeyAdmin.RotateKeyAsync(id, new KeyText(Make.Hash("n"), ""), Make.Start, Make.By, None);
        versions.Add(await Keys.KeysVersionAsync(None));
        await KeyAdmin.RevokeKeyAsync(id, Make.By, None);
        versions.Add(await Keys.KeysVersionAsync(None));

        Assert.Equal(versions.Distinct().Order(), versions);
    }

    private static NewKey Made(string name) => Make.Key(name) with { Configured = false };
}
