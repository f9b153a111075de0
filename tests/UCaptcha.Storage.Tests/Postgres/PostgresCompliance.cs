using UCaptcha.Storage.Tests.Compliance;

namespace UCaptcha.Storage.Tests.Postgres;

public sealed class PostgresAccept() : AcceptCompliance(new PostgresHost());

public sealed class PostgresIdempotency() : IdempotencyCompliance(new PostgresHost());

public sealed class PostgresBudget() : BudgetCompliance(new PostgresHost());

public sealed class PostgresAttempt() : AttemptCompliance(new PostgresHost());

public sealed class PostgresLedger() : LedgerCompliance(new PostgresHost());

public sealed class PostgresFinish() : FinishCompliance(new PostgresHost());

public sealed class PostgresListing() : ListingCompliance(new PostgresHost());

public sealed class PostgresPurge() : PurgeCompliance(new PostgresHost());

public sealed class PostgresStatistics() : StatisticsCompliance(new PostgresHost());

public sealed class PostgresKey() : KeyCompliance(new PostgresHost());

public sealed class PostgresRestart() : RestartCompliance(new PostgresHost());

/// <summary>Each write a commit of its own, on one connection.</summary>
public sealed class PostgresAcceptOneByOne() : AcceptCompliance(new PostgresHost(o => o with { MaxBatch = 1, Writers = 1 }));

/// <summary>Commits that do not wait for the disk, on many connections.</summary>
public sealed class PostgresFinishRelaxed() : FinishCompliance(new PostgresHost(o => o with { FlushEveryCommit = false, Writers = 12 }));

public sealed class PostgresCallback() : CallbackCompliance(new PostgresHost());

public sealed class PostgresCustomer() : CustomerCompliance(new PostgresHost());

public sealed class PostgresTopUp() : TopUpCompliance(new PostgresHost());

public sealed class PostgresRefund() : RefundCompliance(new PostgresHost());

public sealed class PostgresKeyAdmin() : KeyAdminCompliance(new PostgresHost());

public sealed class PostgresAccount() : AccountCompliance(new PostgresHost());

public sealed class PostgresAudit() : AuditCompliance(new PostgresHost());

public sealed class PostgresNode() : NodeCompliance(new PostgresHost());

public sealed class PostgresArchive() : ArchiveCompliance(new PostgresHost());

public sealed class PostgresMoneyProperty() : MoneyPropertyCompliance(new PostgresHost(), runs: 24);
