namespace UCaptcha.Conformance;

/// <summary>A server that stands in for the vendors under their own host names, and whose emulated account takes tasks as the clients write them.</summary>
public sealed class VendorHostsServer() : EmulatedServer(["any:generic,latency=10ms,price=0.8", "slow:generic,latency=60s", "bad:generic,latency=10ms,mode=unsolvable", "atonce:capsolver,latency=10ms"])
{
    public const string Key = "strangers-key";

    private static readonly (string Dialect, string[] Hosts)[] Vendors =
    [
        ("anticaptcha", ["api.anti-captcha.com"]),
        ("capsolver", ["api.capsolver.com"]),
        ("twocaptcha", ["2captcha.com", "rucaptcha.com"]),
    ];

    protected override Dictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>
            {
                ["Callbacks__AllowPrivateNetworks"] = "true",
                // All documented cases come at once, and the machine may have other work.
                ["Engine__MaxAcceptDelayMs"] = "0",
                ["Keys__main__Key"] = Key,
                ["Keys__main__AllowedProviders__0"] = "any",
                ["DeniedDomains__0"] = "denied.example.com",
                ["Keys__slow__Key"] = Key + "-slow",
                ["Keys__slow__AllowedProviders__0"] = "slow",
                ["Keys__far__Key"] = Key + "-far",
                ["Keys__far__AllowedAddresses__0"] = "203.0.113.0/24",
                ["Keys__bad__Key"] = Key + "-bad",
                ["Keys__bad__AllowedProviders__0"] = "bad",
                ["Keys__atonce__Key"] = Key + "-atonce",
                ["Keys__atonce__AllowedProviders__0"] = "atonce",
                ["Keys__poor__Key"] = Key + "-poor",
                ["Keys__poor__BudgetUsd"] = "0",
            };
            foreach (var (dialect, hosts) in Vendors)
            {
                for (var i = 0; i < hosts.Length; i++)
                    settings[$"Dialects__{dialect}__Hosts__{i}"] = hosts[i];
            }

            return settings;
        }
    }
}
