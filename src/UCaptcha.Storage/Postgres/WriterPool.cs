using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>Spreads writes over several writers: all that moves a key's money goes to one, so that this node's writers never wait for one another.</summary>
internal sealed class WriterPool(IReadOnlyList<GroupWriter> writers) : IAsyncDisposable
{
    public ValueTask<TResult> OfKeyAsync<TState, TResult>(
        long key, Func<WriteSession, TState, TResult> work, TState state, CancellationToken cancellationToken) =>
        writers[(int)((ulong)key % (ulong)writers.Count)].WriteAsync(work, state, cancellationToken, key);

    public ValueTask<TResult> OfTaskAsync<TState, TResult>(
        Guid task, Func<WriteSession, TState, TResult> work, TState state, CancellationToken cancellationToken) =>
        writers[(int)((uint)task.GetHashCode() % (uint)writers.Count)].WriteAsync(work, state, cancellationToken);

    /// <summary>What comes seldom.</summary>
    public ValueTask<TResult> WriteAsync<TState, TResult>(Func<WriteSession, TState, TResult> work, TState state, CancellationToken cancellationToken) =>
        writers[0].WriteAsync(work, state, cancellationToken);

    /// <summary>A write that failed not longer than so ago because the disk is full, on a writer that has written nothing since; else null.</summary>
    public Exception? FullDisk(TimeSpan within, TimeProvider time) => writers.Select(writer => writer.LastFailure)
        .FirstOrDefault(failure => failure?.Cause is PostgresException { SqlState: PostgresErrorCodes.DiskFull } && time.GetElapsedTime(failure.At) < within)?.Cause;

    /// <summary>Waits until nothing is queued that was queued before, done or refused.</summary>
    public async ValueTask DrainAsync()
    {
        foreach (var writer in writers)
        {
            try
            {
                await writer.WriteAsync(static (_, _) => true, 0, CancellationToken.None).ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                // As everything before it was.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in writers)
            await writer.DisposeAsync().ConfigureAwait(false);
    }
}
