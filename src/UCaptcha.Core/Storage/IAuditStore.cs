namespace UCaptcha.Core.Storage;

/// <summary>The log of what administrators changed. Rows are added, never changed or removed.</summary>
public interface IAuditStore
{
    /// <summary>Adds a row for something that is no change of the store, such as a backup. The store adds those of its own changes itself.</summary>
    ValueTask AppendAuditAsync(NewAuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Rows before an id, newest first; <see cref="long.MaxValue"/> begins with the last one.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditFilter filter, long beforeId, int limit, CancellationToken cancellationToken);
}

/// <summary>Which rows to list; null is any.</summary>
public sealed record AuditFilter
{
    /// <summary>By this actor.</summary>
    public string? Actor { get; init; }

    /// <summary>Of this action.</summary>
    public string? Action { get; init; }

    /// <summary>On this subject.</summary>
    public string? Subject { get; init; }
}

/// <summary>A row to add.</summary>
/// <param name="By">Who and when.</param>
/// <param name="Action">What was done, such as <c>key.rotate</c>.</param>
/// <param name="Subject">What it was done to, such as <c>key/7</c>.</param>
/// <param name="Before">What was there, as JSON without secrets, or null.</param>
/// <param name="After">What is there now, as JSON without secrets, or null.</param>
public sealed record NewAuditEntry(ChangedBy By, string Action, string Subject, string? Before, string? After);

/// <summary>A row of the log.</summary>
/// <param name="Id">Rising.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What was done.</param>
/// <param name="Subject">What it was done to.</param>
/// <param name="Before">What was there, as JSON without secrets, or null.</param>
/// <param name="After">What is there now, as JSON without secrets, or null.</param>
/// <param name="Address">The address that the call came from, or null.</param>
public sealed record AuditEntry(
    long Id, DateTimeOffset At, string Actor, string Action, string Subject, string? Before, string? After, string? Address);
