using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace UCaptcha.Server.Metrics;

/// <summary>The series of one instrument, by their labels.</summary>
internal sealed class MetricFamily
{
    /// <summary>More series than this share one, so that memory stays bounded whatever happens.</summary>
    private const int MaxSeries = 2000;
    private const string Overflow = "overflow=\"true\"";

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MetricSeries>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly string _help;

    public MetricFamily(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        IsHistogram = type == typeof(Histogram<>);
        IsCounter = type == typeof(Counter<>) || type == typeof(ObservableCounter<>);
        IsObserved = instrument.IsObservable;
        Adds = !IsObserved && type != typeof(Gauge<>);
        Name = MetricName.Of(instrument, IsCounter);
        _help = (instrument.Description ?? instrument.Name).Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        Bounds = instrument switch
        {
            Instrument<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
            Instrument<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            _ => [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        };
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Name { get; }

    public bool IsHistogram { get; }

    public bool IsCounter { get; }

    /// <summary>Its values are asked for at each scrape, and all of them are told each time.</summary>
    public bool IsObserved { get; }

    public double[] Bounds { get; }

    private bool Adds { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Series(tags);
        if (IsHistogram)
            series.Observe(value, Bounds);
        else if (Adds)
            series.Add(value);
        else
            series.Set(value);
    }

    public void Forget() => _series.Clear();

    public void Write(StringBuilder text)
    {
        if (_series.IsEmpty)
            return;
        var type = IsHistogram ? "histogram" : IsCounter ? "counter" : "gauge";
        text.Append(CultureInfo.InvariantCulture, $"# HELP {Name} {_help}\n# TYPE {Name} {type}\n");
        foreach (var (labels, series) in _series.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            series.Write(text, Name, labels, IsHistogram ? Bounds : null);
    }

    private MetricSeries Series(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Span<char> buffer = stackalloc char[512];
        if (!MetricLabels.TryFormat(tags, buffer, out var length))
            return _series.GetOrAdd(Overflow, static _ => new MetricSeries());
        var labels = buffer[..length];
        if (_lookup.TryGetValue(labels, out var known))
            return known;
        return _series.GetOrAdd(_series.Count < MaxSeries ? labels.ToString() : Overflow, static _ => new MetricSeries());
    }
}
