using System.Diagnostics.CodeAnalysis;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>
/// Makes changes of the database, on one thread. It commits what has gathered while the last commit was made, so the
/// more there is to write the more of it shares one flush to disk; nothing waits for a batch to fill.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    /// <summary>A commit that meets others in a circle is begun anew this often.</summary>
    private const int MostConflicts = 20;

    private readonly Func<WriteSession> _open;
    private readonly WriterOptions _options;
    private readonly TimeProvider _time;
    private readonly FailureLog _log;
    private readonly CommandQueue _queue;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WriteSession? _session;
    private bool _begun;
    private Exception? _refused;
    private volatile WriteFailure? _lastFailure;

    /// <param name="open">Opens a session when there is none or it broke. Runs on the writer's thread.</param>
    /// <param name="options">How it gathers its commits.</param>
    /// <param name="time">The time.</param>
    /// <param name="log">Hears of failures.</param>
    /// <param name="session">The first session, if it is open already.</param>
    public GroupWriter(Func<WriteSession> open, WriterOptions options, TimeProvider time, FailureLog log, WriteSession? session = null)
    {
        _session = session;
        _open = open;
        _options = options;
        _time = time;
        _log = log;
        _queue = new CommandQueue(options.QueueCapacity);
        new Thread(Run) { Name = "UCaptcha store writer", IsBackground = true }.Start();
    }

    /// <summary>Why the last commit, or a write in it, failed; null when all of it was written.</summary>
    public WriteFailure? LastFailure => _lastFailure;

    /// <summary>Queues a write and waits for its commit. Cancelled, nothing was written: what is being committed can no longer be cancelled.</summary>
    public ValueTask<TResult> WriteAsync<TState, TResult>(
        Func<WriteSession, TState, TResult> work, TState state, CancellationToken cancellationToken, long key = 0)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<TResult>(cancellationToken);
        var command = new WriteCommand<TState, TResult>(work, state, key);
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
            _session?.Dispose();
        }
        catch (Exception e)
        {
            _log.CloseFailed(e);
        }

        _stopped.SetResult();
    }

    private void Commit(List<IWriteCommand> batch)
    {
        var openedBefore = _session is not null;
        var conflicts = 0;
        while (!TryCommit(batch, out var failure))
        {
            if (_session?.IsConflict(failure) == true && ++conflicts < MostConflicts && TryRollback())
                continue;

            // A connection that rested for long may have broken meanwhile: that says nothing of the database.
            var mayTryAgain = openedBefore && DropBroken(failure) && failure is not CommitUnsureException;
            openedBefore = false;
            if (mayTryAgain)
                continue;
            // Who keeps the lease tells of its loss.
            if (failure is not LeaseLostException)
                _log.CommitFailed(failure, batch.Count);
            // Where no transaction can begin, those who came while that was tried need not wait for the next try.
            if (failure is not LeaseLostException && !_begun)
                _queue.TryMoveTo(batch, int.MaxValue);
            _lastFailure = new WriteFailure(_refused ?? failure, _time.GetTimestamp());
            RejectAll(batch, failure);
            return;
        }
    }

    private bool TryCommit(List<IWriteCommand> batch, [NotNullWhen(false)] out Exception? failure)
    {
        (failure, _refused, _begun) = (null, null, false);
        var begun = _time.GetTimestamp();
        try
        {
            _session ??= _open();
            if (TryExecuteTogether(_session, batch) || TryExecuteOneByOne(_session, batch))
                _session.Commit();
            StoreMeter.Committed(batch.Count, _time.GetElapsedTime(begun));
            _lastFailure = _refused is null ? null : new WriteFailure(_refused, _time.GetTimestamp());
            DropBroken();
            return true;
        }
        catch (Exception e)
        {
            failure = e;
            return false;
        }
    }

    /// <summary>The fast way. After any failure everything is rolled back.</summary>
    private bool TryExecuteTogether(WriteSession session, List<IWriteCommand> batch)
    {
        session.Begin(batch, oneByOne: false);
        var begun = _time.GetTimestamp();
        var done = 0;
        try
        {
            do
            {
                for (; done < batch.Count; done++)
                    batch[done].Execute(session);
            }
            while (batch.Count < _options.MaxBatch
                && _time.GetElapsedTime(begun) < _options.MaxBatchAge
                && _queue.TryMoveTo(batch, _options.MaxBatch - batch.Count));
            session.Complete();
            _begun = true;
            return true;
        }
        catch (Exception e) when (session.HasBegun)
        {
            _begun = true;
            if (session.Broken)
                throw;
            _refused = e;
            if (e is not NothingChangedException)
                _log.BatchRepeated(e, batch.Count);
            session.Rollback();
            return false;
        }
    }

    /// <summary>Finds out which of them fail, and leaves those out.</summary>
    private bool TryExecuteOneByOne(WriteSession session, List<IWriteCommand> batch)
    {
        session.Begin(batch, oneByOne: true);
        _refused = null;
        foreach (var command in batch)
        {
            session.Savepoint();
            try
            {
                if (command.Key != 0)
                    session.LockPayer(command.Key);
                command.Execute(session);
                session.Release();
            }
            catch (Exception e) when (session.InTransaction && !session.IsConflict(e))
            {
                _refused = e;
                session.RollbackToSavepoint();
                command.Reject(session.Translate(e));
            }
        }

        session.Complete();
        return true;
    }

    private void RejectAll(List<IWriteCommand> batch, Exception failure)
    {
        foreach (var command in batch)
            command.Reject(Failures.OfCommit(failure));
        TryRollback();
    }

    private bool TryRollback()
    {
        try
        {
            DropBroken();
            _session?.Rollback();
            return true;
        }
        catch (Exception e)
        {
            _log.RollbackFailed(e);
            return false;
        }
    }

    private bool DropBroken(Exception? failure = null)
    {
        if (_session is null || !(_session.Broken || (failure is not null && _session.IsOfNoUse(failure))))
            return false;
        _session.Dispose();
        _session = null;
        return true;
    }
}
