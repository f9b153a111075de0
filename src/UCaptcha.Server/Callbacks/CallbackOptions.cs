namespace UCaptcha.Server.Callbacks;

/// <summary>The settings under <c>UCaptcha:Callbacks</c>: where callbacks may go, and how long they are remembered.</summary>
internal sealed class CallbackOptions
{
    /// <summary>The ports when <see cref="Ports"/> is empty: 80, 443, 8080, 8443.</summary>
    public static readonly IReadOnlyList<int> DefaultPorts = [80, 443, 8080, 8443];

    /// <summary>Lets callbacks go to any address and any port. For tests on loopback and for closed networks.</summary>
    /// <value>The default is false.</value>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>The ports that callbacks may go to, 1 to 65535.</summary>
    /// <value>Empty by default, which means <see cref="DefaultPorts"/>.</value>
    public IList<int> Ports { get; } = [];

    /// <summary>How many callbacks of one key may wait; beyond that the oldest are given up.</summary>
    /// <value>The default is 10000.</value>
    public int MaxPendingPerKey { get; set; } = 10_000;

    /// <summary>How long a delivered or given up callback is remembered, in hours.</summary>
    /// <value>The default is 24.</value>
    public int HistoryHours { get; set; } = 24;
}
