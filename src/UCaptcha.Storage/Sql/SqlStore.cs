using System.Data;

namespace UCaptcha.Storage.Sql;

/// <summary>What every database is asked in the same words. Each says only how it reads and writes.</summary>
public abstract partial class SqlStore
{
    private protected SqlStore(TimeProvider time) => Time = time;

    private protected TimeProvider Time { get; }

    /// <summary>Runs one or two short queries.</summary>
    private protected abstract ValueTask<TResult> ReadAsync<TState, TResult>(
        Func<IDbConnection, TState, TResult> read, TState state, CancellationToken cancellationToken);

    /// <summary>Runs what comes seldom, all of it or nothing, and answers when it is committed.</summary>
    private protected abstract ValueTask<TResult> WriteAsync<TState, TResult>(
        Func<IDbConnection, TState, TResult> write, TState state, CancellationToken cancellationToken);

    private ValueTask<TResult> ReadAsync<TResult>(Func<IDbConnection, TResult> read, CancellationToken cancellationToken) =>
        ReadAsync(static (connection, read) => read(connection), read, cancellationToken);

    private async ValueTask WriteAsync<TState>(Action<IDbConnection, TState> write, TState state, CancellationToken cancellationToken) =>
        await WriteAsync(
            static (connection, work) =>
            {
                work.write(connection, work.state);
                return true;
            },
            (write, state),
            cancellationToken).ConfigureAwait(false);
}
