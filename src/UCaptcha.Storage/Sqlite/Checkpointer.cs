using Dapper;
using Microsoft.Data.Sqlite;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite;

/// <summary>
/// Brings the journal into the file beside the writer, on a connection of its own, so that commits do not wait for it.
/// A passive checkpoint blocks nobody; the writer begins the journal anew once all of it is in the file.
/// </summary>
internal sealed class Checkpointer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;
    private readonly FailureLog _log;
    private readonly Task _running;

    public Checkpointer(ConnectionFactory connections, TimeProvider time, FailureLog log)
    {
        (_connection, _time, _log) = (connections.Open(SqliteOpenMode.ReadWrite), time, log);
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _connection.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Pause, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                Checkpoint();
        }
        catch (OperationCanceledException)
        {
            // The store closes.
        }
    }

    private void Checkpoint()
    {
        try
        {
            _connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException exception)
        {
            _log.CheckpointFailed(exception);
        }
    }
}
