using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using UCaptcha.Core;

namespace UCaptcha.Server.Metrics;

/// <summary>Gathers what the instruments of our meter record and tells it in Prometheus' text format, version 0.0.4.</summary>
internal sealed class MetricsExporter : IDisposable
{
    /// <summary>The content type of <see cref="Scrape"/>.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _scraping = new();

    public MetricsExporter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Metering.Name)
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument.Name, _ => new MetricFamily(instrument)));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Everything as it is now.</summary>
    public string Scrape()
    {
        lock (_scraping)
        {
            foreach (var family in _families.Values.Where(family => family.IsObserved))
                family.Forget();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder(16_384);
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
                family.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();
}
