using System.Diagnostics.Metrics;
using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Callbacks;

/// <summary>What the meter <c>UCaptcha</c> tells of callbacks.</summary>
internal sealed class CallbackMetrics : IDisposable
{
    private readonly Meter _meter = new("UCaptcha");
    private readonly Counter<long> _tries;
    private long _pending;
    private long _resting;

    public CallbackMetrics()
    {
        _tries = _meter.CreateCounter<long>("ucaptcha.callbacks.tries", "{try}", "Tries of callbacks that ended, by outcome: delivered, failed or given_up.");
        _meter.CreateObservableGauge(
            "ucaptcha.callbacks.pending", () => Volatile.Read(ref _pending), "{callback}", "Callbacks that are neither delivered nor given up.");
        _meter.CreateObservableGauge(
            "ucaptcha.callbacks.resting", () => Volatile.Read(ref _resting), "{receiver}", "Receivers of a key that do not answer and whose callbacks wait.");
    }

    /// <summary>A try ended, or several were spared, and left the callback in a state.</summary>
    public void Count(CallbackState state, int many = 1) => _tries.Add(many, new KeyValuePair<string, object?>("outcome", state switch
    {
        CallbackState.Delivered => "delivered",
        CallbackState.GivenUp => "given_up",
        _ => "failed",
    }));

    /// <summary>So many are pending, and so many receivers do not answer.</summary>
    public void Backlog(long pending, int resting)
    {
        Volatile.Write(ref _pending, pending);
        Volatile.Write(ref _resting, resting);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
