using System.Collections.Concurrent;
using System.Globalization;

namespace UCaptcha.Fuzz;

/// <summary>What was sent, what came back, and what must not have.</summary>
internal sealed class FuzzReport
{
    private const int MostShown = 30;

    private readonly ConcurrentDictionary<(string Path, string Outcome), int> _counts = new();

    /// <summary>Each in a sentence.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>The server's memory once it was warm and at the end, in bytes.</summary>
    public (long Warm, long End) Memory { get; set; }

    public void Count(string path, string outcome) => _counts.AddOrUpdate((path, outcome), 1, (_, count) => count + 1);

    public void Write(TextWriter console)
    {
        foreach (var path in _counts.GroupBy(entry => entry.Key.Path).OrderBy(path => path.Key, StringComparer.Ordinal))
            console.WriteLine($"{path.Key,-50} {string.Join("  ", path.OrderBy(entry => entry.Key.Outcome, StringComparer.Ordinal).Select(entry => $"{entry.Key.Outcome}:{entry.Value}"))}");
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{_counts.Values.Sum()} requests, {Violations.Count} violations; server memory {Memory.Warm / 1_000_000} MB warm, {Memory.End / 1_000_000} MB at the end"));
        foreach (var violation in Violations.Take(MostShown))
            console.WriteLine("VIOLATION " + violation);
    }
}
