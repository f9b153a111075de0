namespace UCaptcha.KillTest.Driving;

/// <summary>A task that the driver hands in. What it is like follows from the seed and its number alone.</summary>
internal sealed record Submission
{
    public const string TaskType = "RecaptchaV2TaskProxyless";
    public const string Page = "https://example.com/login";

    private const int DoublePercent = 20;
    private const int CallbackPercent = 40;
    private const int BadPercent = 10;

    public Submission(int seed, int number, KeyRing keys, string receiver)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        Random = random;
        Marker = $"kt-{seed}-{number:000000}-{random.Next(1_000_000):000000}";
        Key = keys.Draw(random);
        RequestId = random.Next(2) == 0 ? "r-" + Marker : null;
        Observer = (Observer)random.Next((int)Observer.Nobody + 1);
        Twice = RequestId is not null && random.Next(100) < DoublePercent;
        CallbackUrl = random.Next(100) < CallbackPercent ? $"{receiver}/{Marker}" : null;
        IsBad = random.Next(100) < BadPercent;
    }

    /// <summary>Decides what chance decides for it.</summary>
    public Random Random { get; }

    /// <summary>Stands in the task as its site key: by it the emulator's record is matched.</summary>
    public string Marker { get; init; }

    public RunKey Key { get; }

    public string? RequestId { get; }

    public string? CallbackUrl { get; }

    public Observer Observer { get; }

    /// <summary>It is sent two times at once under one request id.</summary>
    public bool Twice { get; }

    /// <summary>Its client reports the solution as bad.</summary>
    public bool IsBad { get; }
}

/// <summary>How the client follows its task.</summary>
internal enum Observer
{
    PollsJson,
    PollsGrpc,
    WatchesJson,
    WatchesGrpc,

    /// <summary>Only the stream of all ends sees it.</summary>
    Nobody,
}
