namespace UCaptcha.KillTest.Driving;

/// <summary>An API key of a run.</summary>
/// <param name="Name">As the store knows it.</param>
/// <param name="Text">As a client sends it.</param>
/// <param name="RunsOut">It may be refused for want of money.</param>
internal sealed record RunKey(string Name, string Text, bool RunsOut);

/// <summary>The API keys of a run, and how often each is used.</summary>
/// <param name="acme">The key of the customer who pays in advance, made while the server ran.</param>
internal sealed class KeyRing(RunKey acme)
{
    /// <summary>The secret of <see cref="Signed"/>'s callbacks.</summary>
    public const string WebhookSecret = "whsec_a2lsbC10ZXN0LWtpbGwtdGVzdC1raWxsLXRlc3Q=";

    private const int TightPercent = 15;
    private const int SignedPercent = 15;
    private const int AcmePercent = 20;

    /// <summary>Has no limit.</summary>
    public static RunKey Open { get; } = new("open", "key-without-limit", RunsOut: false);

    /// <summary>Has a budget that runs out on the way.</summary>
    public static RunKey Tight { get; } = new("tight", "key-with-a-budget", RunsOut: true);

    /// <summary>Its callbacks are signed.</summary>
    public static RunKey Signed { get; } = new("signed", "key-with-signed-callbacks", RunsOut: false);

    /// <summary>Every key.</summary>
    public IReadOnlyList<RunKey> All { get; } = [Open, Tight, Signed, acme];

    /// <summary>The settings of the keys that are configured.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Keys__open__Key"] = Open.Text,
        ["Keys__tight__Key"] = Tight.Text,
        ["Keys__tight__BudgetUsd"] = "0.02",
        ["Keys__signed__Key"] = Signed.Text,
        ["Keys__signed__WebhookSecrets__0"] = WebhookSecret,
    };

    /// <summary>Draws one.</summary>
    public RunKey Draw(Random random) => random.Next(100) switch
    {
        < TightPercent => Tight,
        < TightPercent + SignedPercent => Signed,
        < TightPercent + SignedPercent + AcmePercent => acme,
        _ => Open,
    };
}
