using System.Data;
using Npgsql;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>
/// One of the connections that write. What the transactions of every node touch, the accounts' records and the counter of places, is
/// written last and in one order: nobody waits in a circle, and who has seen a place never sees a smaller one appear.
/// </summary>
internal sealed class PostgresWriteSession : WriteSession
{
    /// <summary>Customers first and in order, because several keys of one may be in a batch.</summary>
    private const string LockPayers =
        """
        SELECT 1 FROM customers WHERE limited = 1 AND id IN (SELECT customer_id FROM api_keys WHERE id = ANY ($1)) ORDER BY id FOR NO KEY UPDATE
        """;

    private const string LockOnePayer =
        "SELECT 1 FROM customers WHERE limited = 1 AND id = (SELECT customer_id FROM api_keys WHERE id = @id) FOR NO KEY UPDATE";

    private readonly NpgsqlConnection _connection;
    private readonly NodeLease _lease;
    private readonly CommitFate _fate;
    private readonly string? _timeline;
    private readonly NpgsqlBatch _enter;
    private readonly NpgsqlParameter<long> _node = new() { TypedValue = 0 };
    private readonly NpgsqlParameter<long[]> _keys = new() { TypedValue = [] };
    private readonly Statement _savepoint;
    private readonly Statement _release;
    private readonly Statement _rollback;
    private readonly Statement _rollbackToSavepoint;
    private readonly Statement _ownedElsewhere;
    private readonly Statement _lockPayer;
    private readonly Statement _changeStatistics;
    private readonly EndedTasks _ended;
    private readonly List<StatisticsRow> _records = [];
    private string _transaction = "";
    private bool _inTransaction;
    private (int Ended, int Records) _atSavepoint;

    public PostgresWriteSession(NpgsqlConnection connection, NodeLease lease, CommitFate fate)
        : base(connection, TaskSql.OwnedByNode, static command => NpgsqlCommandBuilder.DeriveParameters((NpgsqlCommand)command))
    {
        (_connection, _lease, _fate, _timeline) = (connection, lease, fate, Timeline.Of(connection));
        _enter = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL READ COMMITTED"),
                new NpgsqlBatchCommand(NodeSql.Enter) { Parameters = { _node } },
                new NpgsqlBatchCommand(LockPayers) { Parameters = { _keys } },
            },
        };
        _enter.Prepare();
        _savepoint = Prepare("SAVEPOINT one");
        _release = Prepare("RELEASE one");
        _rollback = Prepare("ROLLBACK");
        _rollbackToSavepoint = Prepare("ROLLBACK TO one");
        _ownedElsewhere = Prepare(NodeSql.OwnedElsewhere);
        _lockPayer = Prepare(LockOnePayer);
        _changeStatistics = Prepare(StatisticsSql.Change);
        PurgeTasks = Prepare(TaskSql.PurgeUnlocked);
        PurgeRequestIds = Prepare(RequestIdSql.PurgeUnlocked);
        _ended = new EndedTasks(connection, lease);
    }

    public override Statement PurgeTasks { get; }

    public override Statement PurgeRequestIds { get; }

    public override long? NextPlace => null;

    public override bool InTransaction => _inTransaction && !Broken;

    public override bool Broken => !_connection.FullState.HasFlag(ConnectionState.Open);

    public override void Begin(List<IWriteCommand> batch)
    {
        Forget((0, 0));
        IWriteCommand[] inOrderOfKeys = [.. batch.OrderBy(command => command.Key)];
        batch.Clear();
        batch.AddRange(inOrderOfKeys);
        _keys.TypedValue = [.. batch.Select(command => command.Key).Where(key => key != 0).Distinct()];
        _node.TypedValue = _lease.Node;
        _inTransaction = true;
        using (var rows = _enter.ExecuteReader())
            _transaction = rows.Read() ? rows.GetString(1) : "";
        if (_transaction.Length > 0)
            return;
        Rollback();
        throw new LeaseLostException();
    }

    public override void Commit()
    {
        var records = _records.GroupBy(row => (row.Account, row.Family));
        foreach (var rows in records.OrderBy(rows => rows.Key.Account, StringComparer.Ordinal).ThenBy(rows => rows.Key.Family, StringComparer.Ordinal))
            Save(rows);
        using var wait = new StandbyWait(_connection);
        try
        {
            _ended.Commit();
        }
        catch (Exception failure) when (Broken)
        {
            _fate.Resolve(_transaction, _timeline, failure, _ended);
        }

        _inTransaction = false;
        if (wait.Cancelled is { } cancelled)
            throw cancelled;
    }

    public override void Rollback()
    {
        if (!InTransaction)
            return;
        _inTransaction = false;
        _rollback.Execute();
    }

    public override void Savepoint()
    {
        _atSavepoint = (_ended.Count, _records.Count);
        _savepoint.Execute();
    }

    public override void Release() => _release.Execute();

    public override void RollbackToSavepoint()
    {
        Forget(_atSavepoint);
        _rollbackToSavepoint.Execute();
        Release();
    }

    public override TaskPlace TakePlace(Guid taskId, long keyId) => _ended.Add(taskId, keyId);

    public override void SaveStatistics(StatisticsRow row) => _records.Add(row);

    public override void CheckOwned(byte[] taskId)
    {
        if (_ownedElsewhere.Scalar(taskId) is not null)
            throw new LeaseLostException();
    }

    public override bool IsConflict(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>A server that was the primary once takes no writes.</summary>
    public override bool IsOfNoUse(Exception failure) => failure is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };

    public override void LockPayer(long keyId) => _lockPayer.Scalar(keyId);

    public override Exception Translate(Exception failure) => PostgresFailures.Translate(failure);

    public override void Dispose()
    {
        _ended.Dispose();
        _enter.Dispose();
        base.Dispose();
    }

    /// <summary>Adds what this node saw to what others saw meanwhile; a record without its change is stored as it is.</summary>
    private void Save(IGrouping<(string Account, string Family), StatisticsRow> rows)
    {
        if (rows.Any(row => row.LastChange is null))
        {
            Upsert(rows.Last());
            return;
        }

        var seen = rows.Select(row => row.LastChange!.Value).Aggregate(static (first, next) => first.Then(next));
        _changeStatistics.Execute(
            rows.Key.Account, rows.Key.Family, seen.FirstCostMicros, seen.FirstSolveTimeMs, seen.Successes, seen.Failures, seen.Samples, seen.At.ToDb(),
            seen.AverageKeep, seen.CostMicros, seen.SolveTimeMs, seen.Keep);
    }

    private void Forget((int Ended, int Records) from)
    {
        _ended.Forget(from.Ended);
        _records.RemoveRange(from.Records, _records.Count - from.Records);
    }
}
