using System.Diagnostics.Metrics;
using UCaptcha.Core;

namespace UCaptcha.Storage;

/// <summary>Measures what the store writes.</summary>
internal static class StoreMeter
{
    private static readonly Histogram<long> Batch = Metering.Meter.CreateHistogram(
        "ucaptcha.store.commit.writes", description: "Writes in one commit.", unit: null, tags: null,
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    private static readonly Histogram<double> Time = Metering.Meter.CreateHistogram(
        "ucaptcha.store.commit.duration", "s", "From the beginning of a transaction to the end of its commit.", tags: null, Metering.Quick);

    private static long _waiting;

    static StoreMeter() =>
        Metering.Meter.CreateObservableGauge("ucaptcha.store.queue", () => Interlocked.Read(ref _waiting), description: "Writes that wait for the writer.");

    public static void Queued() => Interlocked.Increment(ref _waiting);

    public static void Taken() => Interlocked.Decrement(ref _waiting);

    public static void Committed(int writes, TimeSpan time)
    {
        Batch.Record(writes);
        Time.Record(time.TotalSeconds);
    }
}
