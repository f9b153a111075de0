namespace UCaptcha.Providers;

/// <summary>An account as it is written in configuration.</summary>
public sealed record ProviderAccountSettings
{
    /// <summary>Its name: lower-case letters, digits, dashes and underscores.</summary>
    public required string Slug { get; init; }

    /// <summary>The kind of provider, or one of its other names.</summary>
    public required string Kind { get; init; }

    /// <summary>Another address of the service, or null for its usual one. May hold a path.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The credential. Never logged.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>From submission to the first poll, 0 to 600000 ms; null for the vendor's.</summary>
    public int? FirstPollMs { get; init; }

    /// <summary>Between two polls of a task, 10 to 600000 ms; null for the vendor's.</summary>
    public int? PollIntervalMs { get; init; }

    /// <summary>How long the service may take to answer a call, 100 to 600000 ms; null for 30 s. A submission that takes longer may have arrived.</summary>
    public int? AnswerTimeoutMs { get; init; }

    /// <summary>Tasks under way at once, 1 to 100000; null for the kind's default.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>USD for 1000 solves by family, over the list prices.</summary>
    public IReadOnlyDictionary<string, decimal> Prices { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Name and kind; the credential stays hidden.</summary>
    public override string ToString() => $"{Slug} ({Kind})";
}
