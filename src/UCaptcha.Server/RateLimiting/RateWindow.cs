using System.Collections.Concurrent;
using System.Globalization;

namespace UCaptcha.Server.RateLimiting;

/// <summary>The counts of one window. Dropped as a whole when the window is over.</summary>
/// <param name="resetUnixSeconds">The window's end.</param>
/// <param name="maxAddresses">How many addresses get a count of their own; all further ones share one.</param>
internal sealed class RateWindow(long resetUnixSeconds, int maxAddresses)
{
    private readonly ConcurrentDictionary<UInt128, Counter> _counters = new();
    private readonly Counter _overflow = new();
    private int _addresses;

    /// <summary>The window's end in unix seconds.</summary>
    public long ResetUnixSeconds { get; } = resetUnixSeconds;

    /// <summary>The same as the header's text.</summary>
    public string ResetText { get; } = resetUnixSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>How many addresses have a count of their own.</summary>
    public int Addresses => _counters.Count;

    /// <summary>Counts a request and returns its number in the window, from 1.</summary>
    public long Count(UInt128 address) => Interlocked.Increment(ref CounterOf(address).Value);

    private Counter CounterOf(UInt128 address)
    {
        if (_counters.TryGetValue(address, out var counter))
            return counter;
        // Taken before it is used, so that racing newcomers cannot pass the cap; a place lost to a race is small change.
        if (Volatile.Read(ref _addresses) >= maxAddresses || Interlocked.Increment(ref _addresses) > maxAddresses)
            return _overflow;
        return _counters.GetOrAdd(address, static _ => new Counter());
    }

    private sealed class Counter
    {
        public long Value;
    }
}
