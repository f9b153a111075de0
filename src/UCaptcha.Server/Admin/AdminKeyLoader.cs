using System.Security.Cryptography;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Hosting;

namespace UCaptcha.Server.Admin;

/// <summary>Puts the admin key in force: the configured one, else the stored one, else a new one.</summary>
internal sealed class AdminKeyLoader(ServerSetup setup, IAdminKeyStore store, AdminKeyCheck check, TimeProvider clock, RandomNumberGenerator random)
{
    /// <summary>Returns the text of the key when it was made just now, else null.</summary>
    public async Task<string?> LoadAsync(CancellationToken cancellationToken)
    {
        if (setup.AdminKeyHash is { } configured)
        {
            check.Use(configured);
            return null;
        }

        string? made = null;
        if (await store.FindAdminKeyAsync(cancellationToken) is null)
        {
            made = ApiKeyText.Generate(random);
            if (!await store.AddAdminKeyAsync(ApiKeyText.Hash(made), clock.GetUtcNow(), cancellationToken))
                made = null;
        }

        check.Use((await store.FindAdminKeyAsync(cancellationToken))!);
        return made;
    }
}
