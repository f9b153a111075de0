using System.Data.Common;
using Microsoft.Data.Sqlite;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Sqlite;

/// <summary>The one connection that writes to the file. Its transactions follow one another, so places are given as tasks end.</summary>
internal sealed class SqliteWriteSession : WriteSession
{
    private readonly SqliteConnection _connection;
    private readonly FilePlace _place;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _savepoint;
    private readonly Statement _release;
    private readonly Statement _setLastSequence;
    private bool _hasBegun;
    private long _sequence;
    private long _sequenceAtBegin;
    private long _sequenceAtSavepoint;

    public SqliteWriteSession(SqliteConnection connection)
        : base(sql => new SqliteStatement(connection, sql), fence: "")
    {
        _connection = connection;
        _place = new FilePlace(connection);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _savepoint = Prepare("SAVEPOINT one");
        _release = Prepare("RELEASE one");
        _setLastSequence = Prepare(TaskSql.SetLastSequence);
        PurgeTasks = Prepare(TaskSql.Purge);
        PurgeRequestIds = Prepare(RequestIdSql.Purge);
        using var lastSequence = new SqliteStatement(connection, TaskSql.LastSequence);
        _sequence = (long)lastSequence.Scalar()!;
    }

    public override DbConnection Connection => _connection;

    public override Statement PurgeTasks { get; }

    public override Statement PurgeRequestIds { get; }

    public override long? NextPlace => _sequence + 1;

    public override bool HasBegun => _hasBegun;

    /// <summary>False also after SQLite itself rolled back, as it does when the disk is full.</summary>
    public override bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0;

    public override TaskPlace TakePlace(Guid taskId, long keyId) => new() { Value = ++_sequence };

    public override void Commit()
    {
        if (_sequence != _sequenceAtBegin)
            _setLastSequence.Execute(_sequence);
        _place.Check();
        try
        {
            _commit.Execute();
        }
        catch (SqliteException e)
        {
            throw new CommitUnsureException(e);
        }
    }

    public override void Rollback()
    {
        _sequence = _sequenceAtBegin;
        if (InTransaction)
            Run("ROLLBACK");
    }

    public override void Savepoint()
    {
        _sequenceAtSavepoint = _sequence;
        _savepoint.Execute();
    }

    public override void Release() => _release.Execute();

    public override void RollbackToSavepoint()
    {
        _sequence = _sequenceAtSavepoint;
        Run("ROLLBACK TO one");
        Release();
    }

    public override Exception Translate(Exception failure) => SqliteFailures.Translate(failure);

    public override void Dispose()
    {
        base.Dispose();
        _connection.Dispose();
    }

    protected override void Begin(List<IWriteCommand> batch)
    {
        // First, because a rollback follows also when this fails.
        (_hasBegun, _sequenceAtBegin) = (false, _sequence);
        _begin.Execute();
        _hasBegun = true;
    }

    private void Run(string sql)
    {
        using var statement = new SqliteStatement(_connection, sql);
        statement.Execute();
    }
}
