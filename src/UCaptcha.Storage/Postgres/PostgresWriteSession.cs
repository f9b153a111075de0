using System.Data;
using System.Data.Common;
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

    private const string LockOnePayer = "SELECT 1 FROM customers WHERE id = @id FOR NO KEY UPDATE";

    private readonly NpgsqlConnection _connection;
    private readonly NodeLease _lease;
    private readonly CommitFate _fate;
    private readonly string? _timeline;
    private readonly Pipeline _pipeline;
    private readonly Statement _savepoint;
    private readonly Statement _release;
    private readonly Statement _rollback;
    private readonly Statement _rollbackToSavepoint;
    private readonly Statement _ownedElsewhere;
    private readonly Statement _lockPayer;
    private readonly Statement _changeStatistics;
    private readonly EndedTasks _ended;
    private readonly List<StatisticsRow> _records = [];

    /// <summary>The customers for whom this transaction has waited in vain.</summary>
    private readonly Dictionary<long, PostgresException> _busyPayers = [];
    private string _transaction = "";
    private bool _inTransaction;
    private (int Ended, int Records) _atSavepoint;

    public PostgresWriteSession(NpgsqlConnection connection, NodeLease lease, CommitFate fate)
        : this(new Pipeline(connection), connection, lease, fate)
    {
    }

    private PostgresWriteSession(Pipeline pipeline, NpgsqlConnection connection, NodeLease lease, CommitFate fate)
        : base(sql => new PipelinedStatement(pipeline, sql), TaskSql.OwnedByNode)
    {
        (_pipeline, _connection, _lease, _fate, _timeline) = (pipeline, connection, lease, fate, Timeline.Of(connection));
        _savepoint = Prepare("SAVEPOINT one");
        _release = Prepare("RELEASE one");
        _rollback = Prepare("ROLLBACK");
        _rollbackToSavepoint = Prepare("ROLLBACK TO one");
        _ownedElsewhere = Prepare(NodeSql.OwnedElsewhere);
        _lockPayer = Prepare(LockOnePayer);
        _changeStatistics = Prepare(StatisticsSql.Change);
        PurgeTasks = Prepare(TaskSql.PurgeUnlocked);
        PurgeRequestIds = Prepare(RequestIdSql.PurgeUnlocked);
        _ended = new EndedTasks(pipeline, lease);
    }

    public override DbConnection Connection
    {
        get
        {
            _pipeline.Flush();
            return _connection;
        }
    }

    public override Statement PurgeTasks { get; }

    public override Statement PurgeRequestIds { get; }

    public override long? NextPlace => null;

    public override bool HasBegun => _transaction.Length > 0 || !_pipeline.IsEmpty;

    public override bool InTransaction => _inTransaction && !Broken;

    public override bool Broken => !_connection.FullState.HasFlag(ConnectionState.Open);

    public override void Complete()
    {
        var records = _records.GroupBy(row => (row.Account, row.Family));
        foreach (var rows in records.OrderBy(rows => rows.Key.Account, StringComparer.Ordinal).ThenBy(rows => rows.Key.Family, StringComparer.Ordinal))
            Save(rows);
        _ended.Tell();
        _pipeline.Flush();
    }

    public override void Commit()
    {
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
        _pipeline.Forget();
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
        _pipeline.Forget();
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

    public override void LockPayer(long keyId)
    {
        if (PayerOf(keyId) is not { Limited: true } payer)
            return;
        if (_busyPayers.TryGetValue(payer.CustomerId, out var before))
            throw before;
        try
        {
            _lockPayer.Execute(payer.CustomerId);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            _busyPayers.Add(payer.CustomerId, e);
            throw;
        }
    }

    public override Exception Translate(Exception failure) => PostgresFailures.Translate(failure);

    public override void Dispose()
    {
        base.Dispose();
        _ended.Dispose();
        _connection.Dispose();
    }

    protected override void Begin(List<IWriteCommand> batch)
    {
        _pipeline.Forget();
        Forget((0, 0));
        _busyPayers.Clear();
        _transaction = "";
        _inTransaction = true;
        _pipeline.Trusting = !OneByOne;
        _pipeline.Send(new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL READ COMMITTED"));
        _pipeline.Send(new NpgsqlBatchCommand(NodeSql.Enter) { Parameters = { new NpgsqlParameter<long> { TypedValue = _lease.Node } } }, ReadTransaction);
        if (OneByOne)
        {
            _pipeline.Flush();
            Sort(batch, PlaceOneByOne);
            return;
        }

        Sort(batch, command => (0, command.Key));
        long[] keys = [.. batch.Select(command => command.Key).Where(key => key != 0).Distinct()];
        if (keys.Length > 0)
            _pipeline.Send(new NpgsqlBatchCommand(LockPayers) { Parameters = { new NpgsqlParameter<long[]> { TypedValue = keys } } }, static _ => { });
    }

    private static void Sort(List<IWriteCommand> batch, Func<IWriteCommand, (long, long)> place)
    {
        IWriteCommand[] sorted = [.. batch.OrderBy(place)];
        batch.Clear();
        batch.AddRange(sorted);
    }

    /// <summary>Where each write locks its own customer, those of a customer follow one another, so that this meets no other transaction in a circle either.</summary>
    private (long Customer, long Key) PlaceOneByOne(IWriteCommand command) =>
        (command.Key != 0 && PayerOf(command.Key) is { Limited: true } payer ? payer.CustomerId : long.MaxValue, command.Key);

    private void ReadTransaction(NpgsqlDataReader rows) => _transaction = rows.Read() ? rows.GetString(1) : throw new LeaseLostException();

    /// <summary>Adds what this node saw to what others saw meanwhile; a record without its change is stored as it is.</summary>
    private void Save(IGrouping<(string Account, string Family), StatisticsRow> rows)
    {
        if (rows.Any(row => row.LastChange is null))
        {
            Upsert(rows.Last());
            return;
        }

        var seen = rows.Select(row => row.LastChange!.Value).Aggregate(static (first, next) => first.Then(next));
        _changeStatistics.Send(
            rows.Key.Account, rows.Key.Family, seen.FirstCostMicros, seen.FirstSolveTimeMs, seen.Successes, seen.Failures, seen.Samples, seen.At.ToDb(),
            seen.AverageKeep, seen.CostMicros, seen.SolveTimeMs, seen.Keep);
    }

    private void Forget((int Ended, int Records) from)
    {
        _ended.Forget(from.Ended);
        _records.RemoveRange(from.Records, _records.Count - from.Records);
    }
}
