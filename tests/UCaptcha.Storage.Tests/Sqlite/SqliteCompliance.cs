using UCaptcha.Storage.Tests.Compliance;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Sqlite;

public sealed class SqliteAccept() : AcceptCompliance(new SqliteHost());

public sealed class SqliteIdempotency() : IdempotencyCompliance(new SqliteHost());

public sealed class SqliteBudget() : BudgetCompliance(new SqliteHost());

public sealed class SqliteAttempt() : AttemptCompliance(new SqliteHost());

public sealed class SqliteLedger() : LedgerCompliance(new SqliteHost());

public sealed class SqliteFinish() : FinishCompliance(new SqliteHost());

public sealed class SqliteListing() : ListingCompliance(new SqliteHost());

public sealed class SqlitePurge() : PurgeCompliance(new SqliteHost());

public sealed class SqliteStatistics() : StatisticsCompliance(new SqliteHost());

public sealed class SqliteKey() : KeyCompliance(new SqliteHost());

public sealed class SqliteCallback() : CallbackCompliance(new SqliteHost())
{
    [Fact]
    public async Task Reopen_ClaimOfAProcessThatIsGone_IsDueAtOnceUnderTheSameId()
    {
        var (_, callback) = await EndAsync((await AddKeyAsync()).Id);
        await ClaimAsync(Make.Start.AddMinutes(1));

        await ReopenAsync();

        var again = Assert.Single(await ClaimAsync(Make.Start.AddMinutes(1)));
        Assert.Equal((callback.Id, 2), (again.Id, again.Tries));
    }
}

public sealed class SqliteCustomer() : CustomerCompliance(new SqliteHost());

public sealed class SqliteTopUp() : TopUpCompliance(new SqliteHost());

public sealed class SqliteRefund() : RefundCompliance(new SqliteHost());

public sealed class SqliteKeyAdmin() : KeyAdminCompliance(new SqliteHost());

public sealed class SqliteAccount() : AccountCompliance(new SqliteHost());

public sealed class SqliteAudit() : AuditCompliance(new SqliteHost());

public sealed class SqliteNode() : NodeCompliance(new SqliteHost());

public sealed class SqliteArchive() : ArchiveCompliance(new SqliteHost());

public sealed class SqliteMoneyProperty() : MoneyPropertyCompliance(new SqliteHost(o => o with { FlushEveryCommit = false }));

public sealed class SqliteRestart() : RestartCompliance(new SqliteHost());

/// <summary>Each write a commit of its own.</summary>
public sealed class SqliteAcceptOneByOne() : AcceptCompliance(new SqliteHost(o => o with { MaxBatch = 1 }));

/// <summary>Commits that do not wait for the disk.</summary>
public sealed class SqliteFinishRelaxed() : FinishCompliance(new SqliteHost(o => o with { FlushEveryCommit = false, MaxBatchAge = TimeSpan.Zero }));
