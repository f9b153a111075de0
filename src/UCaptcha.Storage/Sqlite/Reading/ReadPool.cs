using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite.Reading;

/// <summary>Lends read connections. A read blocks its thread, so there are never more of them than threads that read.</summary>
internal sealed class ReadPool(ConnectionFactory connections) : IDisposable
{
    private const int MostIdle = 16;

    private readonly ConcurrentQueue<ReadSession> _idle = new();
    private volatile bool _closed;

    public ValueTask<TResult> ReadAsync<TState, TResult>(Func<ReadSession, TState, TResult> read, TState state, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<TResult>(cancellationToken);
        try
        {
            return new ValueTask<TResult>(Read(read, state));
        }
        catch (Exception e)
        {
            return ValueTask.FromException<TResult>(SqliteFailures.Translate(e));
        }
    }

    public void Dispose()
    {
        _closed = true;
        DisposeIdle();
    }

    private TResult Read<TState, TResult>(Func<ReadSession, TState, TResult> read, TState state)
    {
        if (_closed)
            throw Failures.Closed();
        var session = _idle.TryDequeue(out var idle) ? idle : Open();
        TResult result;
        try
        {
            result = read(session, state);
        }
        catch
        {
            // It may have a transaction or a reader open: the next caller gets a fresh one.
            session.Dispose();
            throw;
        }

        Return(session);
        return result;
    }

    private ReadSession Open()
    {
        var connection = connections.OpenReader();
        try
        {
            return new ReadSession(connection);
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    private void Return(ReadSession session)
    {
        if (_idle.Count < MostIdle)
            _idle.Enqueue(session);
        else
            session.Dispose();
        if (_closed)
            DisposeIdle();
    }

    private void DisposeIdle()
    {
        while (_idle.TryDequeue(out var session))
            session.Dispose();
    }
}
