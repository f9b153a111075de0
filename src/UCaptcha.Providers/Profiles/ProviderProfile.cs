namespace UCaptcha.Providers.Profiles;

/// <summary>A service of the createTask family as data: what it calls things, what it takes, and what it allows.</summary>
internal sealed record ProviderProfile
{
    /// <summary>The kind in configuration.</summary>
    public required string Kind { get; init; }

    /// <summary>Other names that people have for it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Where it is; may hold a path. Null when configuration must say.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Whether task ids are JSON numbers.</summary>
    public bool NumericIds { get; init; }

    /// <summary>Whether a proxy is one string, <c>type:host:port:user:password</c>, and not five fields.</summary>
    public bool ProxyInOneString { get; init; }

    /// <summary>From submission to the first poll.</summary>
    public TimeSpan FirstPoll { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Between two polls of a task.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The most polls of a task.</summary>
    public int MaxPolls { get; init; } = 120;

    /// <summary>Tasks under way at once, unless configuration says otherwise.</summary>
    public int MaxConcurrent { get; init; } = 500;

    /// <summary>The largest image in bytes.</summary>
    public int MaxImageBytes { get; init; } = int.MaxValue;

    /// <summary>The method that takes verdicts, by whether they are good, for image and token tasks.</summary>
    public ReportMethods Reports { get; init; } = new(null, null, null);

    /// <summary>The families it serves; empty for a service that is handed tasks as the client wrote them.</summary>
    public IReadOnlyDictionary<string, FamilyMapping> Families { get; init; } = new Dictionary<string, FamilyMapping>();

    /// <summary>Hands over every task as the client wrote it.</summary>
    public bool PassesThrough { get; init; }
}

/// <summary>Where verdicts go.</summary>
/// <param name="BadImage">Path for a bad image answer, or null.</param>
/// <param name="BadToken">Path for a refused token, or null.</param>
/// <param name="Good">Path for an accepted one, or null.</param>
/// <param name="Feedback">Verdicts go to CapSolver's feedbackTask.</param>
internal sealed record ReportMethods(string? BadImage, string? BadToken, string? Good, bool Feedback = false);

/// <summary>How a service takes a family.</summary>
/// <param name="Type">The type of a proxyless task.</param>
/// <param name="ProxiedType">The type of a task with a proxy; null when it takes none.</param>
/// <param name="Price">List price in USD for 1000 solves, or null when none is published.</param>
internal sealed record FamilyMapping(string Type, string? ProxiedType, decimal? Price)
{
    /// <summary>From canonical names to the service's, a dot reaching into an object. What is not named is not sent.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>Members that are always sent, as JSON.</summary>
    public IReadOnlyDictionary<string, string> Constants { get; init; } = new Dictionary<string, string>();

    /// <summary>Fields, by their canonical names, without which the service does not take a task; a bar parts those of which one is enough.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Scores that the service knows for minScore; the next higher is sent, the lowest when there is none. Empty when any will do.</summary>
    public IReadOnlyList<double> Scores { get; init; } = [];

    /// <summary>The service answers createTask with the solution.</summary>
    public bool AnswersAtOnce { get; init; }
}
