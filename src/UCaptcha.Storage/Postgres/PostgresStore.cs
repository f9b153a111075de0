using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>
/// Tasks and keys in one PostgreSQL database that any number of nodes share. A cancelled write has written nothing; a write that contradicts what is
/// stored, such as an attempt of an unknown task, throws <see cref="InvalidOperationException"/>; one on a task of another node, or while this
/// node's lease is lost, throws <see cref="LeaseLostException"/>.
/// </summary>
public sealed partial class PostgresStore : SqlStore, ITaskStore, IAsyncDisposable
{
    private const int UnfinishedPage = 256;

    private readonly PostgresStorageOptions _options;
    private readonly PostgresConnections _connections;
    private readonly NodeLease _lease;
    private readonly WriterPool _writers;
    private readonly PostgresReads _reads;
    private readonly KeptConnection _leaseKeeping;
    private readonly ILogger _logger;
    private readonly FailureLog _failures;
    private readonly Strays _strays = new();
    private int _disposed;

    private PostgresStore(PostgresStorageOptions options, PostgresConnections connections, NodeLease lease, TimeProvider time, ILogger logger)
        : base(time)
    {
        (_options, _connections, _lease, _logger) = (options, connections, lease, logger);
        _failures = new FailureLog(logger, time);
        var fate = new CommitFate(connections, options.Patience, time, _failures);
        _writers = new WriterPool([.. Enumerable.Range(0, options.Writers).Select(_ => new GroupWriter(
            () => OpenSession(connections, lease, fate), options.Writer, time, _failures))]);
        _reads = new PostgresReads(connections.Pool);
        _leaseKeeping = new KeptConnection(connections.OpenForLeaseAsync);
    }

    /// <summary>Makes or updates the schema, and registers this node.</summary>
    /// <exception cref="ArgumentException">The options cannot be used.</exception>
    /// <exception cref="SchemaTooNewException">A later version of the program wrote the database.</exception>
    /// <exception cref="StoreUnavailableException">The database cannot be reached or used.</exception>
    public static async ValueTask<PostgresStore> OpenAsync(
        PostgresStorageOptions options,
        TimeProvider time,
        ILogger? logger = null,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        return await Task.Run(() => Open(options, time, logger ?? NullLogger.Instance), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<AcceptOutcome> AcceptAsync(StoredTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await _writers.OfKeyAsync(task.KeyId, Accepting.Accept, task, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException unavailable) when (unavailable.MayHaveWritten)
        {
            _strays.Add(task.Id);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> BeginAttemptAsync(StoredAttempt attempt, Usd price, CancellationToken cancellationToken) =>
        _writers.OfTaskAsync(attempt.TaskId, Attempting.Begin, (attempt, price), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RecordSubmissionAsync(Guid taskId, int attempt, string upstreamId, DateTimeOffset at, CancellationToken cancellationToken) =>
        await _writers.OfTaskAsync(taskId, Attempting.Submit, (taskId, attempt, upstreamId, at), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask CloseAttemptAsync(AttemptEnd end, CancellationToken cancellationToken) =>
        await _writers.OfTaskAsync(end.TaskId, Attempting.Close, end, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<long> FinishAsync(TaskEnd end, CancellationToken cancellationToken) =>
        (await _writers.OfKeyAsync(end.KeyId, Finishing.Finish, end, cancellationToken).ConfigureAwait(false)).Value;

    /// <inheritdoc/>
    public ValueTask<StoredTask?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        _reads.FindAsync(TaskSql.ById, RowReader.ReadTask, [id.ToDb()], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredTask?> FindAsync(long keyId, int shortId, CancellationToken cancellationToken) =>
        _reads.FindAsync(TaskSql.ByShortId, RowReader.ReadTask, [keyId, shortId], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredAttempt>> ListAttemptsAsync(Guid taskId, CancellationToken cancellationToken) =>
        await _reads.ListAsync(AttemptSql.ByTask, RowReader.ReadAttempt, [taskId.ToDb()], cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async IAsyncEnumerable<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)> ListUnfinishedAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = (CreatedAt: DateTimeOffset.MinValue, Id: Guid.Empty);
        while (true)
        {
            var page = await _reads.ListWithAttemptsAsync(
                TaskSql.Unfinished, [after.CreatedAt.ToDb(), after.Id.ToDb(), (long)UnfinishedPage], cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
                yield return entry;
            if (page.Count < UnfinishedPage)
                yield break;
            after = (page[^1].Task.CreatedAt, page[^1].Task.Id);
        }
    }

    /// <inheritdoc/>
    public ValueTask<FinishedPage> ListFinishedAsync(long keyId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        _reads.ListFinishedAsync(keyId, afterSequence, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> LastSequenceAsync(CancellationToken cancellationToken) =>
        (await _reads.ListAsync(TaskSql.LastSequence, static row => row.GetInt64(0), [], cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public ValueTask<bool> AddFeedbackAsync(Feedback verdict, StatisticsRow? statistics, CancellationToken cancellationToken) =>
        _writers.OfTaskAsync(verdict.TaskId, Recording.AddFeedback, (verdict, statistics), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> PurgeAsync(DateTimeOffset endedBefore, DateTimeOffset requestIdsBefore, int limit, CancellationToken cancellationToken) =>
        _writers.WriteAsync(Recording.Purge, (endedBefore, requestIdsBefore, limit), cancellationToken);

    /// <summary>Commits what is queued, refuses what comes later, gives this node's tasks back and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _reads.Close();
        await _writers.DisposeAsync().ConfigureAwait(false);
        try
        {
            await ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            // Its lease runs out by itself.
            _failures.CloseFailed(e);
        }

        await _leaseKeeping.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
    }

    private protected override bool IsShared => true;

    private protected override ValueTask<TResult> ReadAsync<TState, TResult>(
        Func<IDbConnection, TState, TResult> read, TState state, CancellationToken cancellationToken) =>
        _reads.ReadAsync(read, state, cancellationToken);

    private protected override ValueTask<TResult> WriteAsync<TState, TResult>(
        Func<IDbConnection, TState, TResult> write, TState state, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, work) => work.write(session.Connection, work.state), (write, state), cancellationToken);

    private static PostgresStore Open(PostgresStorageOptions options, TimeProvider time, ILogger logger)
    {
        var connections = new PostgresConnections(options);
        try
        {
            using var connection = connections.OpenWriter();
            PostgresMigrator.Run(connection);
            var lease = new NodeLease { Node = Register(connection, options) };
            logger.Opened($"{connection.Host}/{connection.Database}", PostgresMigrator.Latest);
            logger.Registered(lease.Node, options.NodeName);
            return new PostgresStore(options, connections, lease, time, logger);
        }
        catch (Exception e)
        {
            connections.DisposeAsync().AsTask().Wait();
            if (PostgresFailures.Translate(e) is var told && told != e)
                throw new StoreUnavailableException($"The database cannot be opened: {e.Message}", e);
            throw;
        }
    }

    private static PostgresWriteSession OpenSession(PostgresConnections connections, NodeLease lease, CommitFate fate)
    {
        var connection = connections.OpenWriter();
        try
        {
            return new PostgresWriteSession(connection, lease, fate);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
