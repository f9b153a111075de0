using System.Collections.Concurrent;
using System.Globalization;

namespace UCaptcha.Server.RateLimiting;

/// <summary>The counts of one window. Dropped as a whole when the window is over.</summary>
/// <param name="resetUnixSeconds">The window's end.</param>
/// <param name="maxAddresses">How many addresses get a count of their own; all further ones share one.</param>
internal sealed class RateWindow(long resetUnixSeconds, int maxAddresses)
{
    private readonly ConcurrentDictionary<UInt128, Counter> _counters = new();
    private readonly ConcurrentDictionary<(long Node, UInt128 Address), long> _heard = new();
    private readonly Counter _overflow = new();
    private int _addresses;

    /// <summary>The window's end in unix seconds.</summary>
    public long ResetUnixSeconds { get; } = resetUnixSeconds;

    /// <summary>The same as the header's text.</summary>
    public string ResetText { get; } = resetUnixSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>How many addresses have a count of their own.</summary>
    public int Addresses => _counters.Count;

    /// <summary>Counts a request and returns its number in the window, from 1, among those of all nodes as far as they are known.</summary>
    public long Count(UInt128 address)
    {
        var counter = CounterOf(address);
        return Interlocked.Increment(ref counter.Value) + Volatile.Read(ref counter.Elsewhere);
    }

    /// <summary>The largest counts of this node's own that have grown since they were told last.</summary>
    /// <param name="least">Smaller ones are not worth telling.</param>
    /// <param name="most">At most so many.</param>
    public IReadOnlyList<(UInt128 Address, long Count)> Tell(long least, int most)
    {
        var grown = new List<(UInt128 Address, long Count, Counter Counter)>();
        foreach (var (address, counter) in _counters)
        {
            if (Volatile.Read(ref counter.Value) is var count && count >= least && count > counter.Told)
                grown.Add((address, count, counter));
        }

        if (grown.Count > most)
            grown = [.. grown.OrderByDescending(entry => entry.Count).Take(most)];
        foreach (var (_, count, counter) in grown)
            counter.Told = count;
        return grown.ConvertAll(entry => (entry.Address, entry.Count));
    }

    /// <summary>Takes in how many requests another node has counted. One node's word is not to be taken in twice at once.</summary>
    public void Hear(long node, UInt128 address, long count)
    {
        var before = _heard.GetValueOrDefault((node, address));
        // Room is found first: what has no count of its own is not remembered either.
        if (count <= before || CounterOf(address) is var counter && counter == _overflow)
            return;
        _heard[(node, address)] = count;
        Interlocked.Add(ref counter.Elsewhere, count - before);
    }

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
        public long Elsewhere;
        public long Told;
    }
}
