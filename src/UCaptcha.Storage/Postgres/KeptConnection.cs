using Npgsql;

namespace UCaptcha.Storage.Postgres;

/// <summary>A connection that is kept for what must go on also when no new one is to be had: one use after the other. It is replaced when it breaks.</summary>
/// <param name="open">Opens one.</param>
internal sealed class KeptConnection(Func<CancellationToken, Task<NpgsqlConnection>> open) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private NpgsqlConnection? _connection;

    /// <summary>Does something with it, once more if it was open before and turns out to be broken: so what is done may be done twice.</summary>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var mayTryAgain = _connection is not null;
            while (true)
            {
                try
                {
                    _connection ??= await open(cancellationToken).ConfigureAwait(false);
                    return await work(_connection).ConfigureAwait(false);
                }
                catch (Exception failure)
                {
                    await DropAsync().ConfigureAwait(false);
                    if (!mayTryAgain || failure is not NpgsqlException)
                        throw;
                    mayTryAgain = false;
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DropAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private async ValueTask DropAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
