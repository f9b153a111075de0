using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;
using UCaptcha.Storage.Sqlite.Reading;

namespace UCaptcha.Storage.Sqlite;

/// <summary>
/// Tasks and keys in one SQLite file that this process owns while the store is open. A cancelled write has written nothing;
/// a write that contradicts what is stored, such as an attempt of an unknown task, throws <see cref="InvalidOperationException"/>.
/// </summary>
public sealed partial class SqliteStore : SqlStore, ITaskStore, IAsyncDisposable
{
    private const int UnfinishedPage = 256;

    private readonly DataDirectory _directory;
    private readonly GroupWriter _writer;
    private readonly ReadPool _reads;
    private readonly Checkpointer _checkpointer;
    private readonly ILogger _logger;
    private int _disposed;

    private SqliteStore(DataDirectory directory, GroupWriter writer, ReadPool reads, Checkpointer checkpointer, TimeProvider time, ILogger logger)
        : base(time)
    {
        _directory = directory;
        _writer = writer;
        _reads = reads;
        _checkpointer = checkpointer;
        _logger = logger;
        _openedAt = time.GetUtcNow();
    }

    /// <summary>Takes the data directory, makes or updates the database in it, and starts the writer.</summary>
    /// <exception cref="StoreInUseException">Another process owns the directory.</exception>
    /// <exception cref="SchemaTooNewException">A later version of the program wrote the database.</exception>
    /// <exception cref="StoreUnavailableException">The directory or the file cannot be used.</exception>
    public static async ValueTask<SqliteStore> OpenAsync(
        SqliteStorageOptions options,
        TimeProvider time,
        ILogger? logger = null,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        return await Task.Run(() => Open(options, time, logger ?? NullLogger.Instance), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<AcceptOutcome> AcceptAsync(StoredTask task, CancellationToken cancellationToken) =>
        _writer.WriteAsync(Accepting.Accept, task, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> BeginAttemptAsync(StoredAttempt attempt, Usd price, CancellationToken cancellationToken) =>
        _writer.WriteAsync(Attempting.Begin, (attempt, price), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RecordSubmissionAsync(Guid taskId, int attempt, string upstreamId, DateTimeOffset at, CancellationToken cancellationToken) =>
        await _writer.WriteAsync(Attempting.Submit, (taskId, attempt, upstreamId, at), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask CloseAttemptAsync(AttemptEnd end, CancellationToken cancellationToken) =>
        await _writer.WriteAsync(Attempting.Close, end, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<long> FinishAsync(TaskEnd end, CancellationToken cancellationToken) =>
        (await _writer.WriteAsync(Finishing.Finish, end, cancellationToken).ConfigureAwait(false)).Value;

    /// <inheritdoc/>
    public ValueTask<StoredTask?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        _reads.ReadAsync<Guid, StoredTask?>(Reads.FindTask, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredTask?> FindAsync(long keyId, int shortId, CancellationToken cancellationToken) =>
        _reads.ReadAsync<(long, int), StoredTask?>(Reads.FindTask, (keyId, shortId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredAttempt>> ListAttemptsAsync(Guid taskId, CancellationToken cancellationToken) =>
        _reads.ReadAsync(Reads.ListAttempts, taskId, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)> ListUnfinishedAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = (CreatedAt: DateTimeOffset.MinValue, Id: Guid.Empty, Limit: UnfinishedPage);
        while (true)
        {
            var page = await _reads.ReadAsync(Reads.ListUnfinished, after, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
                yield return entry;
            if (page.Count < UnfinishedPage)
                yield break;
            after = (page[^1].Task.CreatedAt, page[^1].Task.Id, UnfinishedPage);
        }
    }

    /// <inheritdoc/>
    public ValueTask<FinishedPage> ListFinishedAsync(long keyId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(Reads.ListFinished, (keyId, afterSequence, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> LastSequenceAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, _) => Reads.LastSequence(session), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> AddFeedbackAsync(Feedback verdict, StatisticsRow? statistics, CancellationToken cancellationToken) =>
        _writer.WriteAsync(Recording.AddFeedback, (verdict, statistics), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> PurgeAsync(DateTimeOffset endedBefore, DateTimeOffset requestIdsBefore, int limit, CancellationToken cancellationToken) =>
        _writer.WriteAsync(Recording.Purge, (endedBefore, requestIdsBefore, limit), cancellationToken);

    /// <summary>Commits what is queued, refuses what comes later, closes the file and gives up the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        // The writer closes last, because the last connection brings the whole journal into the file.
        _reads.Dispose();
        await _checkpointer.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _directory.Dispose();
        _logger.Closed(_directory.DatabasePath);
    }

    private protected override ValueTask<TResult> ReadAsync<TState, TResult>(
        Func<IDbConnection, TState, TResult> read, TState state, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, work) => work.read(session.Connection, work.state), (read, state), cancellationToken);

    private protected override ValueTask<TResult> WriteAsync<TState, TResult>(
        Func<IDbConnection, TState, TResult> write, TState state, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, work) => work.write(session.Connection, work.state), (write, state), cancellationToken);

    private static SqliteStore Open(SqliteStorageOptions options, TimeProvider time, ILogger logger)
    {
        var directory = DataDirectory.Own(options.DataDirectory);
        try
        {
            var connections = new ConnectionFactory(directory.DatabasePath, options);
            var session = OpenSession(connections);
            logger.Opened(directory.DatabasePath, Migrator.Latest);
            var failures = new FailureLog(logger, time);
            var writer = new GroupWriter(() => session, options.Writer, time, failures, session);
            return new SqliteStore(directory, writer, new ReadPool(connections), new Checkpointer(connections, time, failures), time, logger);
        }
        catch (Exception e)
        {
            directory.Dispose();
            if (e is SqliteException)
                throw new StoreUnavailableException($"The database '{directory.DatabasePath}' cannot be opened: {e.Message}", e);
            throw;
        }
    }

    private static SqliteWriteSession OpenSession(ConnectionFactory connections)
    {
        using (var connection = connections.Open(SqliteOpenMode.ReadWriteCreate))
            Migrator.Check(connection);
        var writer = connections.OpenWriter();
        try
        {
            Migrator.Run(writer);
            // The file is ours alone: whoever claimed these is gone.
            CallbackRows.Release(writer);
            return new SqliteWriteSession(writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }
}
