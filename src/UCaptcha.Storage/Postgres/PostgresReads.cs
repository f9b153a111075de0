using System.Data;
using System.Data.Common;
using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>Reads on pooled connections. Statements that come often are prepared by the pool.</summary>
internal sealed class PostgresReads(NpgsqlDataSource pool)
{
    private volatile bool _closed;

    public void Close() => _closed = true;

    /// <summary>All rows of a statement, whose values are bound in the order in which its parameters first appear.</summary>
    public ValueTask<List<T>> ListAsync<T>(string sql, Func<DbDataReader, T> read, object[] values, CancellationToken cancellationToken) =>
        RunAsync((connection, token) => ListAsync(connection, sql, read, values, token), cancellationToken);

    /// <summary>The first row, or nothing.</summary>
    public async ValueTask<T?> FindAsync<T>(string sql, Func<DbDataReader, T> read, object[] values, CancellationToken cancellationToken)
        where T : class =>
        (await ListAsync(sql, read, values, cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>What Dapper reads in one or two short queries; it blocks its thread for as long.</summary>
    public ValueTask<TResult> ReadAsync<TState, TResult>(Func<IDbConnection, TState, TResult> read, TState state, CancellationToken cancellationToken) =>
        RunAsync((connection, _) => Task.FromResult(read(connection, state)), cancellationToken);

    /// <summary>A page of ended tasks. What does not fit on it is not read.</summary>
    public ValueTask<FinishedPage> ListFinishedAsync(long keyId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                var page = new FinishedPage(limit);
                await using var command = Command(connection, TaskSql.Finished, [keyId, afterSequence, (long)limit]);
                await using var rows = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                while (!page.IsFull && await rows.ReadAsync(token).ConfigureAwait(false))
                    page.Add(RowReader.ReadTask(rows));
                return page;
            },
            cancellationToken);

    /// <summary>Tasks with their attempts, all of one moment.</summary>
    public ValueTask<List<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)>> ListWithAttemptsAsync(
        string sql, object[] values, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token).ConfigureAwait(false);
                var tasks = await ListAsync(connection, sql, RowReader.ReadTask, values, token).ConfigureAwait(false);
                byte[][] ids = [.. tasks.Select(task => task.Id.ToDb())];
                var attempts = (await ListAsync(connection, AttemptSql.ByTasks, RowReader.ReadAttempt, [ids], token).ConfigureAwait(false)).ToLookup(attempt => attempt.TaskId);
                return tasks.ConvertAll(task => (task, (IReadOnlyList<StoredAttempt>)[.. attempts[task.Id]]));
            },
            cancellationToken);

    private async ValueTask<TResult> RunAsync<TResult>(Func<NpgsqlConnection, CancellationToken, Task<TResult>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_closed)
            throw Failures.Closed();
        try
        {
            await using var connection = await pool.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return await read(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresFailures.Translate(e) is var told && told != e)
        {
            throw told;
        }
    }

    private static async Task<List<T>> ListAsync<T>(
        NpgsqlConnection connection, string sql, Func<DbDataReader, T> read, object[] values, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql, values);
        var list = new List<T>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            list.Add(read(rows));
        return list;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in Statement.ParametersOf(sql).Zip(values))
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
