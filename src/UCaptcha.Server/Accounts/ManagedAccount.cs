using UCaptcha.Core.Providers;
using UCaptcha.Core.Storage;
using UCaptcha.Providers;

namespace UCaptcha.Server.Accounts;

/// <summary>An account of the configuration.</summary>
/// <param name="Settings">How it is spoken to.</param>
/// <param name="Enabled">False rests it until the configuration changes.</param>
internal sealed record ConfiguredAccount(ProviderAccountSettings Settings, bool Enabled);

/// <summary>An account as this node uses it.</summary>
/// <param name="Settings">How it is spoken to, with its credential.</param>
/// <param name="Stored">What the store has of it; null for one from the configuration.</param>
/// <param name="Enabled">Whether it gets tasks.</param>
/// <param name="Account">The way to it.</param>
internal sealed record ManagedAccount(ProviderAccountSettings Settings, StoredAccount? Stored, bool Enabled, IProviderAccount Account)
{
    public bool Configured => Stored is null;
}
