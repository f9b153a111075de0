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
internal sealed class CutException(string reason) : Exception(reason);

/// <summary>The call was refused for good.</summary>
internal sealed class RefusalException(string code, string description) : Exception($"{code}: {description}")
{
    public string Code { get; } = code;
}
