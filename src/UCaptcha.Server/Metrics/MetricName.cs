using System.Diagnostics.Metrics;

namespace UCaptcha.Server.Metrics;

/// <summary>Names as Prometheus has them: underscores, the unit, and _total for what only rises.</summary>
internal static class MetricName
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal) { ["s"] = "_seconds", ["By"] = "_bytes" };

    public static string Of(Instrument instrument, bool isCounter)
    {
        var name = string.Concat(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        if (instrument.Unit is { } unit && Units.TryGetValue(unit, out var suffix) && !name.EndsWith(suffix, StringComparison.Ordinal))
            name += suffix;
        return isCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }
}
