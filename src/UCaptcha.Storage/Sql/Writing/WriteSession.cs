using System.Data.Common;
using UCaptcha.Core.Routing;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>A connection that writes: its prepared statements and its transaction. Used on the writer's thread only.</summary>
internal abstract class WriteSession : IDisposable
{
    private readonly List<Statement> _statements = [];
    private readonly Action<DbCommand>? _describe;

    /// <param name="connection">Open, and the session's own.</param>
    /// <param name="fence">What the changes of a task add to their condition where several nodes share a database, else empty.</param>
    /// <param name="describe">Gives a command its parameters, where the database must be asked for their types.</param>
    protected WriteSession(DbConnection connection, string fence, Action<DbCommand>? describe = null)
    {
        (Connection, _describe) = (connection, describe);
        InsertTask = Prepare(TaskSql.Insert);
        BeginTask = Prepare(TaskSql.Begin(fence));
        SetTaskState = Prepare(TaskSql.SetState(fence));
        FinishTask = Prepare(TaskSql.Finish(fence));
        InsertAttempt = Prepare(AttemptSql.Insert);
        SubmitAttempt = Prepare(AttemptSql.Submit);
        EndAttempt = Prepare(AttemptSql.End);
        AttemptIsBegun = Prepare(AttemptSql.IsBegun);
        AttemptAccount = Prepare(AttemptSql.Account);
        Reserve = Prepare(KeySql.Reserve);
        Settle = Prepare(KeySql.Settle);
        KeyExists = Prepare(KeySql.Exists);
        ReserveOfCustomer = Prepare(CustomerSql.Reserve);
        SettleOfCustomer = Prepare(CustomerSql.Settle);
        FindReserve = Prepare(TaskSql.FindReserve);
        RaiseReserve = Prepare(TaskSql.RaiseReserve);
        FindCharge = Prepare(TaskSql.FindCharge);
        FindRequestId = Prepare(RequestIdSql.Find);
        InsertRequestId = Prepare(RequestIdSql.Insert);
        KeepOutcome = Prepare(RequestIdSql.KeepOutcome);
        AppendLedger = Prepare(LedgerSql.Append);
        AddFeedback = Prepare(StatisticsSql.AddFeedback);
        UpsertStatistics = Prepare(StatisticsSql.Save);
    }

    public DbConnection Connection { get; }

    public Statement InsertTask { get; }

    public Statement BeginTask { get; }

    public Statement SetTaskState { get; }

    public Statement FinishTask { get; }

    public abstract Statement PurgeTasks { get; }

    public Statement InsertAttempt { get; }

    public Statement SubmitAttempt { get; }

    public Statement EndAttempt { get; }

    public Statement AttemptIsBegun { get; }

    public Statement AttemptAccount { get; }

    public Statement Reserve { get; }

    public Statement Settle { get; }

    public Statement KeyExists { get; }

    public Statement ReserveOfCustomer { get; }

    public Statement SettleOfCustomer { get; }

    public Statement FindReserve { get; }

    public Statement RaiseReserve { get; }

    public Statement FindCharge { get; }

    public Statement FindRequestId { get; }

    public Statement InsertRequestId { get; }

    public Statement KeepOutcome { get; }

    public abstract Statement PurgeRequestIds { get; }

    public Statement AppendLedger { get; }

    public Statement AddFeedback { get; }

    /// <summary>The place of the next task that ends, or null where it is given at the commit.</summary>
    public abstract long? NextPlace { get; }

    /// <summary>False also after the database itself rolled back.</summary>
    public abstract bool InTransaction { get; }

    /// <summary>The connection is of no more use: the writer opens another session.</summary>
    public virtual bool Broken => false;

    protected Statement UpsertStatistics { get; }

    /// <summary>Begins a transaction for these writes, which it may bring into another order.</summary>
    /// <exception cref="Core.Storage.LeaseLostException">This node may not write.</exception>
    public abstract void Begin(List<IWriteCommand> batch);

    public abstract void Commit();

    /// <summary>Does nothing without a transaction.</summary>
    public abstract void Rollback();

    public abstract void Savepoint();

    public abstract void Release();

    public abstract void RollbackToSavepoint();

    /// <summary>Gives an ended task its place in the commit order.</summary>
    public abstract TaskPlace TakePlace(Guid taskId, long keyId);

    /// <summary>What a caller is told of a failure.</summary>
    public abstract Exception Translate(Exception failure);

    /// <summary>Whether nothing can be written on this connection after a failure, though it is open: another one may lead elsewhere.</summary>
    public virtual bool IsOfNoUse(Exception failure) => false;

    /// <summary>Whether transactions stood in each other's way, so that the same one may succeed when it is begun anew.</summary>
    public virtual bool IsConflict(Exception failure) => false;

    /// <summary>Keeps the order in which every transaction takes its locks: the limited customer before the key. Not needed where there is one writer.</summary>
    public virtual void LockPayer(long keyId)
    {
    }

    /// <summary>Stores an account's record; the last one of a transaction stands.</summary>
    public virtual void SaveStatistics(StatisticsRow row) => Upsert(row);

    /// <summary>Asked when a task could not be changed.</summary>
    /// <exception cref="Core.Storage.LeaseLostException">It is under way at another node.</exception>
    public virtual void CheckOwned(byte[] taskId)
    {
    }

    public virtual void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Upsert(StatisticsRow row) => UpsertStatistics.Execute(
        row.Account, row.Family, row.CostMicros, row.SolveTimeMs, row.Successes, row.Failures, row.Samples, row.UpdatedAt.ToDb());

    protected Statement Prepare(string sql)
    {
        var statement = new Statement(Connection, sql, _describe);
        _statements.Add(statement);
        return statement;
    }
}
