namespace UCaptcha.Conformance;

/// <summary>A server that speaks CapMonster's dialect by default, with emulated accounts: quick, slow, one that solves nothing and one that answers at once.</summary>
public sealed class DialectServer() : EmulatedServer(["quick:capmonster,latency=10ms,price=0.8", "slow:twocaptcha,latency=60s", "bad:anticaptcha,latency=10ms,mode=unsolvable", "atonce:capsolver,latency=10ms"])
{
    public const string Key = "conformance-key";

    protected override Dictionary<string, string> Settings => new()
    {
        ["DefaultDialect"] = "capmonster",
        ["DeniedDomains__0"] = "denied.example.com",
        ["Callbacks__AllowPrivateNetworks"] = "true",
        ["Keys__main__Key"] = Key,
        // The clients know no way to choose an account, so their keys do.
        ["Keys__main__AllowedProviders__0"] = "quick",
        ["Keys__bad__Key"] = Key + "-bad",
        ["Keys__bad__AllowedProviders__0"] = "bad",
        ["Keys__poor__Key"] = Key + "-poor",
        ["Keys__poor__BudgetUsd"] = "0",
        ["Keys__far__Key"] = Key + "-far",
        ["Keys__far__AllowedAddresses__0"] = "203.0.113.0/24",
        ["Keys__any__Key"] = Key + "-any",
    };
}
