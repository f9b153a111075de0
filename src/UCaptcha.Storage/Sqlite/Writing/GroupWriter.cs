using Microsoft.Extensions.Logging;

namespace UCaptcha.Storage.Sqlite.Writing;

/// <summary>
/// Makes every change of the database, on one thread. It commits what has gathered while the last commit was made, so the
/// more there is to write the more of it shares one flush to disk; nothing waits for a batch to fill.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    private readonly WriteSession _session;
    private readonly SqliteStorageOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommandQueue _queue;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GroupWriter(WriteSession session, SqliteStorageOptions options, TimeProvider time, ILogger logger)
    {
        _session = session;
        _options = options;
        _time = time;
        _logger = logger;
        _queue = new CommandQueue(options.QueueCapacity);
        new Thread(Run) { Name = "UCaptcha store writer", IsBackground = true }.Start();
    }

    /// <summary>Queues a write and waits for its commit. Cancelled, nothing was written: what is being committed can no longer be cancelled.</summary>
    public ValueTask<TResult> WriteAsync<TState, TResult>(Func<WriteSession, TState, TResult> work, TState state, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<TResult>(cancellationToken);
        var command = new WriteCommand<TState, TResult>(work, state);
        try
        {
            _queue.Add(command);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<TResult>(e);
        }

        return cancellationToken.CanBeCanceled ? command.WaitAsync(cancellationToken) : new ValueTask<TResult>(command.Task);
    }

    /// <summary>Commits what is queued, takes no more, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _stopped.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        var batch = new List<IWriteCommand>(_options.MaxBatch);
        while (_queue.Wait())
        {
            if (_queue.TryMoveTo(batch, _options.MaxBatch))
                Commit(batch);
            foreach (var command in batch)
                command.Complete();
            batch.Clear();
        }

        try
        {
            _session.Dispose();
        }
        catch (Exception e)
        {
            _logger.CloseFailed(e);
        }

        _stopped.SetResult();
    }

    private void Commit(List<IWriteCommand> batch)
    {
        var begun = _time.GetTimestamp();
        try
        {
            if (TryExecuteTogether(batch) || TryExecuteOneByOne(batch))
                _session.Commit();
            StoreMeter.Committed(batch.Count, _time.GetElapsedTime(begun));
        }
        catch (Exception e)
        {
            _logger.CommitFailed(e, batch.Count);
            RejectAll(batch, e);
        }
    }

    /// <summary>The fast way. After any failure everything is rolled back.</summary>
    private bool TryExecuteTogether(List<IWriteCommand> batch)
    {
        _session.Begin();
        var begun = _time.GetTimestamp();
        var done = 0;
        try
        {
            do
            {
                for (; done < batch.Count; done++)
                    batch[done].Execute(_session);
            }
            while (batch.Count < _options.MaxBatch
                && _time.GetElapsedTime(begun) < _options.MaxBatchAge
                && _queue.TryMoveTo(batch, _options.MaxBatch - batch.Count));
            return true;
        }
        catch (Exception e)
        {
            _logger.BatchRepeated(e, batch.Count);
            _session.Rollback();
            return false;
        }
    }

    /// <summary>Finds out which of them fail, and leaves those out.</summary>
    private bool TryExecuteOneByOne(List<IWriteCommand> batch)
    {
        _session.Begin();
        foreach (var command in batch)
        {
            _session.Savepoint();
            try
            {
                command.Execute(_session);
                _session.Release();
            }
            catch (Exception e) when (_session.InTransaction)
            {
                _session.RollbackToSavepoint();
                command.Reject(Failures.Translate(e));
            }
        }

        return true;
    }

    private void RejectAll(List<IWriteCommand> batch, Exception failure)
    {
        foreach (var command in batch)
            command.Reject(Failures.OfCommit(failure));
        try
        {
            _session.Rollback();
        }
        catch (Exception e)
        {
            _logger.RollbackFailed(e);
        }
    }
}
