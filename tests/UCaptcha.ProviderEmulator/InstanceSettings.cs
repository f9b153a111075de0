using System.Globalization;

namespace UCaptcha.ProviderEmulator;

/// <summary>How one emulated account behaves.</summary>
public sealed record InstanceSettings
{
    /// <summary>Its path: <c>/name/createTask</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The vendor it speaks like.</summary>
    public required string Vendor { get; init; }

    /// <summary>From createTask to the solution.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>At most so much longer than <see cref="Latency"/>, by the order of arrival.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How long every call takes.</summary>
    public TimeSpan CallLatency { get; init; }

    /// <summary>How much longer the answer to a submission takes, after the task was taken.</summary>
    public TimeSpan AnswerDelay { get; init; }

    /// <summary>USD for 1000 solves.</summary>
    public decimal Price { get; init; } = 1;

    /// <summary>Of 100 tasks so many end unsolved; which ones goes by the order of arrival.</summary>
    public int FailurePercent { get; init; }

    /// <summary>Of 100 tasks so many are taken, and the connection is cut before the answer.</summary>
    public int CutPercent { get; init; }

    /// <summary>Of 100 submissions so many are refused for want of a slot.</summary>
    public int BusyPercent { get; init; }

    /// <summary>
    /// ok, busy, broke, badkey, dead (cuts every connection), cut (cuts after the task was taken), slow (never answers), garbled, lying, lost
    /// (forgets every task), unsolvable, or a number: that HTTP status.
    /// </summary>
    public string Mode { get; init; } = "ok";

    /// <summary>The only key that is good; any when null.</summary>
    public string? Key { get; init; }

    /// <summary>Polls sooner than this after the one before are counted as too early.</summary>
    public TimeSpan PollInterval { get; init; }

    /// <summary>The most polls of a task; more are refused.</summary>
    public int MaxPolls { get; init; } = 120;

    /// <summary>So many characters make every token longer.</summary>
    public int Padding { get; init; }

    /// <summary>Reads <c>name:vendor,latency=500ms,price=1.0,mode=ok</c>.</summary>
    public static InstanceSettings Parse(string text)
    {
        var parts = text.Split(',');
        var head = parts[0].Split(':');
        var settings = new InstanceSettings { Name = head[0], Vendor = head[^1] };
        return parts[1..].Select(part => part.Split('=', 2)).Aggregate(settings, (current, setting) => current.With(setting[0], setting[1]));
    }

    /// <summary>The same with one setting changed.</summary>
    public InstanceSettings With(string name, string value) => name switch
    {
        "latency" => this with { Latency = Duration(value) },
        "jitter" => this with { Jitter = Duration(value) },
        "callLatency" => this with { CallLatency = Duration(value) },
        "answerDelay" => this with { AnswerDelay = Duration(value) },
        "price" => this with { Price = decimal.Parse(value, CultureInfo.InvariantCulture) },
        "failures" => this with { FailurePercent = int.Parse(value, CultureInfo.InvariantCulture) },
        "cuts" => this with { CutPercent = int.Parse(value, CultureInfo.InvariantCulture) },
        "busy" => this with { BusyPercent = int.Parse(value, CultureInfo.InvariantCulture) },
        "mode" => this with { Mode = value },
        "key" => this with { Key = value },
        "pollInterval" => this with { PollInterval = Duration(value) },
        "padding" => this with { Padding = int.Parse(value, CultureInfo.InvariantCulture) },
        "maxPolls" => this with { MaxPolls = int.Parse(value, CultureInfo.InvariantCulture) },
        _ => throw new ArgumentException($"{name} is not known; known are latency, jitter, callLatency, answerDelay, price, failures, cuts, busy, mode, key, pollInterval, maxPolls and padding."),
    };

    private static TimeSpan Duration(string text) => text.EndsWith("ms", StringComparison.Ordinal)
        ? TimeSpan.FromMilliseconds(double.Parse(text[..^2], CultureInfo.InvariantCulture))
        : TimeSpan.FromSeconds(double.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));
}
