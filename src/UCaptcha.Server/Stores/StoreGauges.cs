using UCaptcha.Core;
using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Stores;

/// <summary>Tells every half minute how large the database is and what waits in it. Nothing is told before the first count.</summary>
internal sealed class StoreGauges(IStoreKeeper keeper, StoreWatch watch, ClockWatch clocks, TimeProvider clock) : BackgroundService
{
    /// <summary>Counting a large database takes a while; a scrape must not.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private volatile StoreStatus? _status;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        MakeInstruments();
        using var timer = new PeriodicTimer(Pause, clock);
        do
            await watch.DoRoundAsync("Counting what is stored", CountAsync, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Counting blocks its thread on SQLite.</summary>
    private async Task CountAsync(CancellationToken stoppingToken) =>
        _status = await Task.Run(() => keeper.GetStatusAsync(stoppingToken).AsTask(), stoppingToken);

    private void MakeInstruments()
    {
        var meter = Metering.Meter;
        meter.CreateObservableGauge("ucaptcha.store.up", () => watch.Works ? 1 : 0, description: "1 when the store can be written and read.");
        meter.CreateObservableGauge<double>(
            "ucaptcha.clock.offset",
            () => clocks.Offset is { } offset ? [new(offset.TotalSeconds)] : [],
            "s",
            "How far this server's clock is ahead of the database's.");
        Gauge("ucaptcha.store.size", status => status.SizeBytes, "Size of the database in bytes, journals included.", "By");
        Gauge("ucaptcha.store.tasks.unfinished", status => status.Unfinished, "Tasks in the database that are not at an end, of all nodes.");
        Gauge("ucaptcha.store.tasks.unfinished.age", status => Age(status.OldestUnfinishedAt), "How long ago the oldest of them was accepted.", "s");
        Gauge("ucaptcha.store.results", status => status.Finished, "Results that are kept.");
        Gauge("ucaptcha.store.results.age", status => Age(status.OldestFinishedAt), "How long ago the oldest of them ended: it is purged next.", "s");
        Gauge("ucaptcha.store.attempts.lost", status => status.LostAttempts, "Attempts of kept tasks of which nobody knows whether the account got them.");
        Gauge("ucaptcha.store.ledger.rows", status => status.LedgerRows, "Rows of the ledger.");
        Gauge("ucaptcha.store.audit.rows", status => status.AuditRows, "Rows of the audit log.");

        void Gauge(string name, Func<StoreStatus, double> value, string description, string? unit = null) =>
            meter.CreateObservableGauge<double>(name, () => _status is { } status ? [new(value(status))] : [], unit, description);
    }

    private double Age(DateTimeOffset? since) => since is { } at ? Math.Max(0, (clock.GetUtcNow() - at).TotalSeconds) : 0;
}
