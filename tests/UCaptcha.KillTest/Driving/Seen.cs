namespace UCaptcha.KillTest.Driving;

/// <summary>A task as a client saw it.</summary>
/// <param name="Status">processing, ready or failed.</param>
/// <param name="Detail">The token when ready, the error code when failed, else empty.</param>
internal readonly record struct Seen(string Status, string Detail)
{
    public bool Ended => Status is "ready" or "failed";
}

/// <summary>One message of the stream of all ends of a key.</summary>
/// <param name="Cursor">Where to go on.</param>
/// <param name="TaskId">The task, or null in a heartbeat.</param>
/// <param name="State">Its end.</param>
internal readonly record struct FeedEntry(string Cursor, string? TaskId, Seen State);

/// <summary>The call was cut, or refused for now: whether it was done is not known to the caller.</summary>
/// <param name="reason">Why.</param>
/// <param name="refused">The server itself asks to try again later.</param>
internal sealed class CutException(string reason, bool refused = false) : Exception(reason)
{
    private const int LongestPauseMs = 2000;

    public bool Refused => refused;

    /// <summary>How long a good client waits before it tries again: twice as long each time.</summary>
    /// <param name="tries">How often it has tried.</param>
    public static TimeSpan PauseAfter(int tries) => TimeSpan.FromMilliseconds(Math.Min(LongestPauseMs, 25 << Math.Min(tries, 10)));
}

/// <summary>The call was refused for good.</summary>
internal sealed class RefusalException(string code, string description) : Exception($"{code}: {description}")
{
    public string Code { get; } = code;
}
