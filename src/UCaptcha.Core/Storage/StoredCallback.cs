using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Storage;

/// <summary>A callback that is to be stored with the end of its task.</summary>
/// <param name="Id">A new version 7 UUID.</param>
/// <param name="Receiver">Host and port of its URL: what shares a receiver shares its limits.</param>
public readonly record struct NewCallback(Guid Id, string Receiver)
{
    /// <summary>The callback for a task's URL.</summary>
    public static NewCallback To(string url, DateTimeOffset at)
    {
        // The end of a task must not fail for its URL, whatever got past the check at its beginning.
        var receiver = Uri.TryCreate(url, UriKind.Absolute, out var uri) ? $"{uri.Host}:{uri.Port}" : "";
        return new NewCallback(Guid.CreateVersion7(at), receiver);
    }
}

/// <summary>
/// A callback as the store keeps it: what is to be told, and how far that is. It outlives its task, so it knows how that ended, but never the solution.
/// </summary>
public sealed record StoredCallback
{
    /// <summary>Its id, the same at every try.</summary>
    public required Guid Id { get; init; }

    /// <summary>The task that ended.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The task's short id.</summary>
    public required int ShortId { get; init; }

    /// <summary>The key that created the task.</summary>
    public required long KeyId { get; init; }

    /// <summary>The URL of the request; a secret of the customer, never to be logged.</summary>
    public required string Url { get; init; }

    /// <summary>Host and port of the URL.</summary>
    public required string Receiver { get; init; }

    /// <summary>The key and the receiver.</summary>
    public CallbackLane Lane => new(KeyId, Receiver);

    /// <summary>The dialect of the task.</summary>
    public required string Dialect { get; init; }

    /// <summary>How the task ended: Ready or Failed.</summary>
    public required TaskState TaskState { get; init; }

    /// <summary>Why the task failed, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The same in a sentence, or null.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>When the task ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Where the callback stands.</summary>
    public CallbackState State { get; init; }

    /// <summary>When it is tried next while it is pending; for one that is being sent, when it may be claimed again.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>How many tries were begun, those that a crash cut included; the number of the last.</summary>
    public int Tries { get; init; }

    /// <summary>How many waits of the schedule are behind it; a replay begins anew.</summary>
    public int Step { get; init; }

    /// <summary>When it was delivered or given up, or null.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>What came of the last try that ended, or null.</summary>
    public string? LastOutcome { get; init; }
}

/// <summary>Where a callback stands.</summary>
public enum CallbackState
{
    /// <summary>To be sent, now or later.</summary>
    Pending,

    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>The receiver did not take it in time, or wants no more.</summary>
    GivenUp,
}

/// <summary>One try of a callback that came to an end.</summary>
/// <param name="Number">From 1. Numbers of tries that a crash cut are missing.</param>
/// <param name="At">When it ended.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Outcome">What came of it, such as <c>status 500</c>; holds no URL and nothing of the answer's content.</param>
public sealed record CallbackTry(int Number, DateTimeOffset At, TimeSpan Took, string Outcome);
