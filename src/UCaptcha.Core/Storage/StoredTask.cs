using UCaptcha.Core.Billing;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Storage;

/// <summary>A task as the store keeps it.</summary>
public sealed record StoredTask
{
    /// <summary>The task's id, a version 7 UUID.</summary>
    public required Guid Id { get; init; }

    /// <summary>The short id: 1 to 2147483647, unique per key.</summary>
    public required int ShortId { get; init; }

    /// <summary>The key that created it.</summary>
    public required long KeyId { get; init; }

    /// <summary>The family's name.</summary>
    public required string Family { get; init; }

    /// <summary>The task object as UTF-8 JSON; empty once purged.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>The speed weight it is routed with, 0 to 100.</summary>
    public required int SpeedWeight { get; init; }

    /// <summary>The forced account or kind as the client wrote it, or null.</summary>
    public string? Provider { get; init; }

    /// <summary>Where to call back, or null.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>The dialect of the call that created it.</summary>
    public required string Dialect { get; init; }

    /// <summary>The idempotency id, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>SHA-256 over the parsed request, kept with <see cref="RequestId"/>; empty without one.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it fails if it is not at an end.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>What is set aside for it of the key's budget and the customer's balance.</summary>
    public required Usd Reserved { get; init; }

    /// <summary>Where it stands.</summary>
    public TaskState State { get; init; } = TaskState.Queued;

    /// <summary>How many attempts were begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Position in the commit order of ended tasks, from 1; null while it is under way.</summary>
    public long? Sequence { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The solution as UTF-8 JSON when ready and not purged, else empty.</summary>
    public ReadOnlyMemory<byte> Solution { get; init; }

    /// <summary>What the key was charged, when ready.</summary>
    public Usd Cost { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The same in a sentence, or null.</summary>
    public string? ErrorDescription { get; init; }
}
