using System.Data.Common;
using UCaptcha.Core.Routing;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>A connection that writes: its prepared statements and its transaction. Used on the writer's thread only.</summary>
internal abstract class WriteSession : IDisposable
{
    private readonly List<Statement> _statements = [];
    private readonly Func<string, Statement> _prepare;
    private readonly Dictionary<long, Payer> _payers = [];

    /// <param name="prepare">Makes a statement of a text.</param>
    /// <param name="fence">What the changes of a task add to their condition where several nodes share a database, else empty.</param>
    protected WriteSession(Func<string, Statement> prepare, string fence)
    {
        _prepare = prepare;
        InsertTask = Prepare(TaskSql.Insert);
        BeginTask = Prepare(TaskSql.Begin(fence));
        SetTaskState = Prepare(TaskSql.SetState(fence));
        FinishTask = Prepare(TaskSql.Finish(fence));
        InsertAttempt = Prepare(AttemptSql.Insert);
        SubmitAttempt = Prepare(AttemptSql.Submit);
        EndAttempt = Prepare(AttemptSql.End);
        AttemptIsBegun = Prepare(AttemptSql.IsBegun);
        AttemptExists = Prepare(AttemptSql.Exists);
        FindPayer = Prepare(KeySql.Payer);
        Reserve = Prepare(KeySql.Reserve);
        Settle = Prepare(KeySql.Settle);
        SettleTask = Prepare(KeySql.SettleTask);
        ReserveOfCustomer = Prepare(CustomerSql.Reserve);
        SettleOfCustomer = Prepare(CustomerSql.Settle);
        SettleTaskOfCustomer = Prepare(CustomerSql.SettleTask);
        FindReserve = Prepare(TaskSql.FindReserve);
        RaiseReserve = Prepare(TaskSql.RaiseReserve);
        FindCharge = Prepare(TaskSql.FindCharge);
        FindRequestId = Prepare(RequestIdSql.Find);
        InsertRequestId = Prepare(RequestIdSql.Insert);
        KeepOutcome = Prepare(RequestIdSql.KeepOutcome);
        AppendLedger = Prepare(LedgerSql.Append);
        AddCallback = Prepare(CallbackSql.Add);
        AddFeedback = Prepare(StatisticsSql.AddFeedback);
        UpsertStatistics = Prepare(StatisticsSql.Save);
    }

    /// <summary>For what comes seldom. What was sent along before is done first.</summary>
    public abstract DbConnection Connection { get; }

    public Statement InsertTask { get; }

    public Statement BeginTask { get; }

    public Statement SetTaskState { get; }

    public Statement FinishTask { get; }

    public abstract Statement PurgeTasks { get; }

    public Statement InsertAttempt { get; }

    public Statement SubmitAttempt { get; }

    public Statement EndAttempt { get; }

    public Statement AttemptIsBegun { get; }

    public Statement AttemptExists { get; }

    public Statement Reserve { get; }

    public Statement Settle { get; }

    public Statement SettleTask { get; }

    public Statement ReserveOfCustomer { get; }

    public Statement SettleOfCustomer { get; }

    public Statement SettleTaskOfCustomer { get; }

    public Statement FindReserve { get; }

    public Statement RaiseReserve { get; }

    public Statement FindCharge { get; }

    public Statement FindRequestId { get; }

    public Statement InsertRequestId { get; }

    public Statement KeepOutcome { get; }

    public abstract Statement PurgeRequestIds { get; }

    public Statement AppendLedger { get; }

    public Statement AddCallback { get; }

    public Statement AddFeedback { get; }

    /// <summary>The place of the next task that ends, or null where it is given at the commit.</summary>
    public abstract long? NextPlace { get; }

    /// <summary>False when it turned out that no transaction can begin.</summary>
    public abstract bool HasBegun { get; }

    /// <summary>Whether each write has a savepoint of its own, and so takes nothing for granted.</summary>
    public bool OneByOne { get; private set; }

    /// <summary>False also after the database itself rolled back.</summary>
    public abstract bool InTransaction { get; }

    /// <summary>The connection is of no more use: the writer opens another session.</summary>
    public virtual bool Broken => false;

    protected Statement UpsertStatistics { get; }

    private Statement FindPayer { get; }

    /// <summary>Begins a transaction for these writes, which it may bring into another order.</summary>
    /// <param name="batch">The writes.</param>
    /// <param name="oneByOne">Whether each of them gets a savepoint of its own.</param>
    /// <exception cref="Core.Storage.LeaseLostException">This node may not write.</exception>
    public void Begin(List<IWriteCommand> batch, bool oneByOne)
    {
        OneByOne = oneByOne;
        Begin(batch);
    }

    /// <summary>Does all but the commit itself: what was sent along, and what every transaction does last.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>Commits what is complete.</summary>
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

    /// <summary>Who pays for a key, or null when there is no such key.</summary>
    public Payer? PayerOf(long keyId)
    {
        if (_payers.TryGetValue(keyId, out var known))
            return known;
        using var rows = FindPayer.Query(keyId);
        return rows.Read() ? _payers[keyId] = new Payer(rows.GetInt64(0), rows.GetInt64(1) != 0, rows.GetInt64(2) != 0) : null;
    }

    /// <summary>Asks anew who pays for a key: its budget has changed.</summary>
    public void ForgetPayer(long keyId) => _payers.Remove(keyId);

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
        GC.SuppressFinalize(this);
    }

    protected abstract void Begin(List<IWriteCommand> batch);

    protected void Upsert(StatisticsRow row) => UpsertStatistics.Send(
        row.Account, row.Family, row.CostMicros, row.SolveTimeMs, row.Successes, row.Failures, row.Samples, row.UpdatedAt.ToDb());

    protected Statement Prepare(string sql)
    {
        var statement = _prepare(sql);
        _statements.Add(statement);
        return statement;
    }
}
