using System.Diagnostics.Metrics;
using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Callbacks;

/// <summary>What the meter <c>UCaptcha</c> tells of callbacks.</summary>
internal sealed class CallbackMetrics : IDisposable
{
    private readonly Meter _meter = new("UCaptcha");
    private readonly Counter<long> _tries;
    private long _pending;

    public CallbackMetrics()
    {
        _tries = _meter.CreateCounter<long>("ucaptcha.callbacks.tries", "{try}", "Tries of callbacks that ended, by outcome: delivered, failed or given_up.");
        _meter.CreateObservableGauge(
            "ucaptcha.callbacks.pending", () => Volatile.Read(ref _pending), "{callback}", "Callbacks that are neither delivered nor given up.");
    }

    /// <summary>A try ended and left the callback in a state.</summary>
    public void Count(CallbackState state) => _tries.Add(1, new KeyValuePair<string, object?>("outcome", state switch
    {
        CallbackState.Delivered => "delivered",
        CallbackState.GivenUp => "given_up",
        _ => "failed",
    }));

    /// <summary>So many are pending.</summary>
    public void Pending(long count) => Volatile.Write(ref _pending, count);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
