using Microsoft.Data.Sqlite;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite.Writing;

/// <summary>The one connection that writes: its prepared statements and its transaction. Used on the writer's thread only.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _savepoint;
    private readonly Statement _release;
    private readonly Statement _setLastSequence;
    private long _sequence;
    private long _sequenceAtBegin;
    private long _sequenceAtSavepoint;

    public WriteSession(SqliteConnection connection)
    {
        Connection = connection;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _savepoint = Prepare("SAVEPOINT one");
        _release = Prepare("RELEASE one");
        _setLastSequence = Prepare(TaskSql.SetLastSequence);
        InsertTask = Prepare(TaskSql.Insert);
        BeginTask = Prepare(TaskSql.Begin);
        SetTaskState = Prepare(TaskSql.SetState);
        FinishTask = Prepare(TaskSql.Finish);
        PurgeTasks = Prepare(TaskSql.Purge);
        InsertAttempt = Prepare(AttemptSql.Insert);
        SubmitAttempt = Prepare(AttemptSql.Submit);
        EndAttempt = Prepare(AttemptSql.End);
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
        PurgeRequestIds = Prepare(RequestIdSql.Purge);
        AppendLedger = Prepare(LedgerSql.Append);
        SaveStatistics = Prepare(StatisticsSql.Save);
        AddFeedback = Prepare(StatisticsSql.AddFeedback);
        using var lastSequence = new Statement(connection, TaskSql.LastSequence);
        _sequence = (long)lastSequence.Scalar()!;
    }

    public SqliteConnection Connection { get; }

    public Statement InsertTask { get; }

    public Statement BeginTask { get; }

    public Statement SetTaskState { get; }

    public Statement FinishTask { get; }

    public Statement PurgeTasks { get; }

    public Statement InsertAttempt { get; }

    public Statement SubmitAttempt { get; }

    public Statement EndAttempt { get; }

    public Statement AttemptAccount { get; }

    public Statement Reserve { get; }

    public Statement Settle { get; }

    public Statement KeyExists { get; }

    public Statement ReserveOfCustomer { get; }

    public Statement SettleOfCustomer { get; }

    public Statement FindReserve { get; }

    public Statement RaiseReserve { get; }

    public Statement FindCharge { get; }

    public Statement KeepOutcome { get; }

    public Statement FindRequestId { get; }

    public Statement InsertRequestId { get; }

    public Statement PurgeRequestIds { get; }

    public Statement AppendLedger { get; }

    public Statement SaveStatistics { get; }

    public Statement AddFeedback { get; }

    /// <summary>The place of the next task that ends. Taken only by <see cref="TakeSequence"/>.</summary>
    public long NextSequence => _sequence + 1;

    /// <summary>False also after SQLite itself rolled back, as it does when the disk is full.</summary>
    public bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle!) == 0;

    public void TakeSequence() => _sequence++;

    public void Begin()
    {
        // First, because a rollback follows also when this fails.
        _sequenceAtBegin = _sequence;
        _begin.Execute();
    }

    public void Commit()
    {
        if (_sequence != _sequenceAtBegin)
            _setLastSequence.Execute(_sequence);
        _commit.Execute();
    }

    public void Rollback()
    {
        _sequence = _sequenceAtBegin;
        if (InTransaction)
            Run("ROLLBACK");
    }

    public void Savepoint()
    {
        _sequenceAtSavepoint = _sequence;
        _savepoint.Execute();
    }

    public void Release() => _release.Execute();

    public void RollbackToSavepoint()
    {
        _sequence = _sequenceAtSavepoint;
        Run("ROLLBACK TO one");
        Release();
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        Connection.Dispose();
    }

    private Statement Prepare(string sql)
    {
        var statement = new Statement(Connection, sql);
        _statements.Add(statement);
        return statement;
    }

    private void Run(string sql)
    {
        using var statement = new Statement(Connection, sql);
        statement.Execute();
    }
}
