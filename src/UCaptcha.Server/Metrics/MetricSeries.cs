using System.Globalization;
using System.Text;

namespace UCaptcha.Server.Metrics;

/// <summary>One series: a value, or the buckets of a histogram.</summary>
internal sealed class MetricSeries
{
    private readonly Lock _lock = new();
    private double _value;
    private long _count;
    private long[]? _buckets;

    public void Add(double value)
    {
        lock (_lock)
            _value += value;
    }

    public void Set(double value)
    {
        lock (_lock)
            _value = value;
    }

    public void Observe(double value, double[] bounds)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
            bucket++;
        lock (_lock)
        {
            _buckets ??= new long[bounds.Length + 1];
            _buckets[bucket]++;
            _value += value;
            _count++;
        }
    }

    /// <summary>Writes its samples.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="name">The metric's name.</param>
    /// <param name="labels">Its labels, without braces.</param>
    /// <param name="bounds">The bounds of a histogram's buckets, or null.</param>
    public void Write(StringBuilder text, string name, string labels, double[]? bounds)
    {
        lock (_lock)
        {
            if (bounds is null)
            {
                Sample(text, name, labels, _value);
                return;
            }

            var comma = labels.Length > 0 ? "," : "";
            var sum = 0L;
            for (var i = 0; i <= bounds.Length; i++)
            {
                sum += _buckets?[i] ?? 0;
                var bound = i < bounds.Length ? Number(bounds[i]) : "+Inf";
                Sample(text, name + "_bucket", $"{labels}{comma}le=\"{bound}\"", sum);
            }

            Sample(text, name + "_sum", labels, _value);
            Sample(text, name + "_count", labels, _count);
        }
    }

    private static void Sample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
