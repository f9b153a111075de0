using System.Diagnostics.Metrics;

namespace UCaptcha.Core;

/// <summary>The meter of this program. Labels are names that the program or its operator gave, never a caller's text.</summary>
public static class Metering
{
    /// <summary>The meter's name.</summary>
    public const string Name = "UCaptcha";

    /// <summary>Makes instruments.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>Bucket bounds for what takes milliseconds, in seconds.</summary>
    public static InstrumentAdvice<double> Quick { get; } =
        new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    /// <summary>Bucket bounds for what takes a solver's time, in seconds.</summary>
    public static InstrumentAdvice<double> Slow { get; } =
        new() { HistogramBucketBoundaries = [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180] };
}
