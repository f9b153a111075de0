namespace UCaptcha.KillTest.Driving;

/// <summary>A task that the driver hands in. What it is like follows from the seed and its number alone.</summary>
internal sealed class Submission
{
    public const string TaskType = "RecaptchaV2TaskProxyless";
    public const string Page = "https://example.com/login";

    private const int TightPercent = 15;
    private const int DoublePercent = 20;

    public Submission(int seed, int number)
    {
        var random = new Random(HashCode.Combine(seed, number, 17));
        Random = random;
        Marker = $"kt-{seed}-{number:000000}-{random.Next(1_000_000):000000}";
        Key = random.Next(100) < TightPercent ? KeyNames.Tight : KeyNames.Open;
        RequestId = random.Next(2) == 0 ? "r-" + Marker : null;
        Observer = (Observer)random.Next((int)Observer.Nobody + 1);
        Twice = RequestId is not null && random.Next(100) < DoublePercent;
    }

    /// <summary>Decides what chance decides for it.</summary>
    public Random Random { get; }

    /// <summary>Stands in the task as its site key: by it the emulator's record is matched.</summary>
    public string Marker { get; }

    public string Key { get; }

    public string? RequestId { get; }

    public string? CallbackUrl { get; init; }

    public Observer Observer { get; }

    /// <summary>It is sent two times at once under one request id.</summary>
    public bool Twice { get; }
}

/// <summary>The API keys of a run.</summary>
internal static class KeyNames
{
    /// <summary>Has no limit.</summary>
    public const string Open = "key-without-limit";

    /// <summary>Has a budget that runs out on the way.</summary>
    public const string Tight = "key-with-a-budget";
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
