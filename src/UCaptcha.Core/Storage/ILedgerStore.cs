using UCaptcha.Core.Billing;

namespace UCaptcha.Core.Storage;

/// <summary>Reads the ledger, and proves that everything else says the same.</summary>
public interface ILedgerStore
{
    /// <summary>
    /// Rows behind an id, in the order of their ids. Where several nodes or writers book, a row of the last moments may still appear below
    /// an id that was listed: what must miss none ends its range with <see cref="LedgerFilter.Until"/> a minute ago.
    /// </summary>
    ValueTask<IReadOnlyList<LedgerEntry>> ListLedgerAsync(LedgerFilter filter, long afterId, int limit, CancellationToken cancellationToken);

    /// <summary>Compares every balance, reserve and spending that is kept with the ledger and the unfinished tasks, at one moment.</summary>
    ValueTask<LedgerVerdict> VerifyLedgerAsync(CancellationToken cancellationToken);
}

/// <summary>Which rows to list; null is any.</summary>
public sealed record LedgerFilter
{
    /// <summary>Of this customer.</summary>
    public long? CustomerId { get; init; }

    /// <summary>Of this key.</summary>
    public long? KeyId { get; init; }

    /// <summary>Of this task.</summary>
    public Guid? TaskId { get; init; }

    /// <summary>Of this kind.</summary>
    public LedgerKind? Kind { get; init; }

    /// <summary>Booked at or after this moment.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Booked before this moment.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A row of the ledger.</summary>
/// <param name="Id">Rising in the order of booking; not quite in that of the commits on PostgreSQL.</param>
/// <param name="At">When.</param>
/// <param name="CustomerId">For whom; the one whose task it was, for a loss.</param>
/// <param name="KeyId">The key, or null for what was booked by hand.</param>
/// <param name="TaskId">The task, or null for what was booked by hand.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Account">The provider account that the money went to, or null.</param>
/// <param name="Amount">Above zero; an adjustment may be below.</param>
/// <param name="Reference">The operator's number for it, or null.</param>
/// <param name="Note">The operator's words, or null.</param>
public sealed record LedgerEntry(
    long Id, DateTimeOffset At, long CustomerId, long? KeyId, Guid? TaskId, LedgerKind Kind, string? Account, Usd Amount, string? Reference, string? Note);

/// <summary>What the proof found.</summary>
/// <param name="Checked">How many sums were compared.</param>
/// <param name="Differences">Those that are wrong; none when every cent adds up.</param>
public sealed record LedgerVerdict(long Checked, IReadOnlyList<LedgerDifference> Differences);

/// <summary>A sum that is kept and differs from what the ledger or the unfinished tasks prove.</summary>
/// <param name="What"><c>customer.balance</c>, <c>customer.reserved</c>, <c>key.spent</c> or <c>key.reserved</c>.</param>
/// <param name="Id">Of the customer or key.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kept">What is kept.</param>
/// <param name="Proven">What it should be.</param>
public sealed record LedgerDifference(string What, long Id, string Name, Usd Kept, Usd Proven);
