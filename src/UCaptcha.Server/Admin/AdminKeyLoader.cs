using System.Security.Cryptography;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Hosting;

namespace UCaptcha.Server.Admin;

/// <summary>Puts the admin key in force, and makes it when there is none.</summary>
internal sealed class AdminKeyLoader(ServerSetup setup, IAdminKeyStore store, AdminKeyCheck check, TimeProvider clock, RandomNumberGenerator random)
{
    /// <summary>The configured key, else the stored one, is in force from now on; while there is neither, nobody gets in.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if ((setup.AdminKeyHash ?? await store.FindAdminKeyAsync(cancellationToken)) is { } hash)
            check.Use(hash);
    }

    /// <summary>Makes a key when there is none, and returns its text, which nobody can look up again; else null.</summary>
    public async Task<string?> MakeAsync()
    {
        if (setup.AdminKeyHash is null && await store.FindAdminKeyAsync(CancellationToken.None) is null)
        {
            var text = ApiKeyText.Generate(random);
            if (await store.AddAdminKeyAsync(ApiKeyText.Hash(text), clock.GetUtcNow(), CancellationToken.None))
            {
                check.Use(ApiKeyText.Hash(text));
                return text;
            }
        }

        // Another node that starts at this moment may have been first.
        await LoadAsync(CancellationToken.None);
        return null;
    }
}
