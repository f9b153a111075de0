using System.Globalization;
using System.Text.Json;

namespace UCaptcha.KillTest.Judging;

/// <summary>A row of <c>tasks</c>.</summary>
public sealed class TaskRow
{
    public byte[] Id { get; init; } = [];
    public long KeyId { get; init; }
    public byte[] Request { get; init; } = [];
    public string? RequestId { get; init; }
    public long State { get; init; }
    public long? Sequence { get; init; }
    public byte[]? Solution { get; init; }
    public long CostMicros { get; init; }
    public string? ErrorCode { get; init; }
    public long Attempts { get; init; }
    public string? CallbackUrl { get; init; }
    public long CreatedAt { get; init; }
    public long? FinishedAt { get; init; }

    public Guid Task => new(Id, bigEndian: true);

    public string Marker => JsonElement.Parse(Request).GetProperty("websiteKey").GetString()!;

    public string? Token => Solution is null ? null : JsonElement.Parse(Solution).GetProperty("gRecaptchaResponse").GetString();

    public bool Ended => State >= StoreRecord.Ready;
}

/// <summary>A row of <c>attempts</c>.</summary>
public sealed class AttemptRow
{
    public byte[] TaskId { get; init; } = [];
    public long Number { get; init; }
    public string Account { get; init; } = "";
    public long State { get; init; }
    public string? UpstreamId { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorClass { get; init; }
    public long CostMicros { get; init; }
    public long StartedAt { get; init; }
    public long? SubmittedAt { get; init; }
    public long? FinishedAt { get; init; }

    public Guid Task => new(TaskId, bigEndian: true);

    public bool Open => State < 2;

    public bool Solved => State == 2;

    public bool Lost => State == 4;

    /// <summary>The account did not take the task, and it says so.</summary>
    public bool RefusedCleanly => State == 3 && UpstreamId is null;

    public override string ToString() =>
        $"attempt {Number} on {Account}: state {State}, upstream {UpstreamId ?? "none"}, {ErrorClass} {ErrorCode}, {At(StartedAt)} {At(SubmittedAt)} {At(FinishedAt)}";

    private static string At(long? time) => time is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture) : "-";
}

/// <summary>A row of <c>ledger</c>.</summary>
public sealed class LedgerRow
{
    public long? KeyId { get; init; }
    public long CustomerId { get; init; }
    public byte[]? TaskId { get; init; }
    public string Kind { get; init; } = "";
    public string? Account { get; init; }
    public long AmountMicros { get; init; }
    public string? Reference { get; init; }

    public Guid Task => TaskId is null ? Guid.Empty : new Guid(TaskId, bigEndian: true);
}

/// <summary>A row of <c>api_keys</c>.</summary>
public sealed class KeyRow
{
    public long Id { get; init; }
    public long CustomerId { get; init; }
    public string Name { get; init; } = "";
    public long? BudgetMicros { get; init; }
    public long SpentMicros { get; init; }
    public long ReservedMicros { get; init; }
}

/// <summary>A row of <c>customers</c>.</summary>
public sealed class CustomerRow
{
    public long Id { get; init; }
    public string Name { get; init; } = "";
    public long Limited { get; init; }
    public long BalanceMicros { get; init; }
    public long ReservedMicros { get; init; }
}

/// <summary>A row of <c>callbacks</c>.</summary>
public sealed class CallbackRow
{
    /// <summary>State of a callback that its receiver has.</summary>
    public const long Delivered = 1;

    public byte[] Id { get; init; } = [];
    public byte[] TaskId { get; init; } = [];
    public long State { get; init; }
    public long Tries { get; init; }
    public string? LastOutcome { get; init; }

    public Guid CallbackId => new(Id, bigEndian: true);

    public Guid Task => new(TaskId, bigEndian: true);
}

/// <summary>A row of <c>ledger_proof</c> that proves nothing.</summary>
public sealed class ProofRow
{
    public string What { get; init; } = "";
    public string Name { get; init; } = "";
    public long Kept { get; init; }
    public long Proven { get; init; }
}
