using Npgsql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>
/// What is on its way to the database over one connection. A statement whose answer nobody waits for travels with the next one whose answer
/// somebody waits for, in one round trip; the database runs them in the order in which they came.
/// </summary>
internal sealed class Pipeline(NpgsqlConnection connection)
{
    private readonly List<Action<NpgsqlDataReader>> _answers = [];
    private readonly List<NpgsqlBatchCommand> _expected = [];
    private NpgsqlBatch _batch = new(connection);

    public NpgsqlConnection Connection => connection;

    /// <summary>Whether changes are taken for granted until their answers come.</summary>
    public bool Trusting { get; set; }

    public bool IsEmpty => _batch.BatchCommands.Count == 0;

    /// <summary>Sends along a statement that returns no rows.</summary>
    public void Send(NpgsqlBatchCommand command) => _batch.BatchCommands.Add(command);

    /// <summary>Sends along a statement that returns rows, which are read when they come.</summary>
    public void Send(NpgsqlBatchCommand command, Action<NpgsqlDataReader> read)
    {
        Send(command);
        _answers.Add(read);
    }

    /// <summary>Sends along a change; it is an error when it changes no row.</summary>
    public void Expect(NpgsqlBatchCommand command)
    {
        Send(command);
        _expected.Add(command);
    }

    /// <summary>Runs what was sent along and this, and returns its rows.</summary>
    /// <exception cref="NothingChangedException">A change that was taken for granted was none.</exception>
    public NpgsqlDataReader Query(NpgsqlBatchCommand command)
    {
        Send(command);
        return Run();
    }

    /// <summary>Runs what was sent along and this, and returns how many rows it changed.</summary>
    /// <exception cref="NothingChangedException">A change that was taken for granted was none.</exception>
    public int Execute(NpgsqlBatchCommand command)
    {
        Query(command).Dispose();
        return command.RecordsAffected;
    }

    /// <summary>Runs what was sent along.</summary>
    /// <exception cref="NothingChangedException">A change that was taken for granted was none.</exception>
    public void Flush()
    {
        if (!IsEmpty)
            Run().Dispose();
    }

    /// <summary>Runs nothing of what was sent along.</summary>
    public void Forget()
    {
        // A reader may still be at the old one.
        _batch = new NpgsqlBatch(connection);
        _answers.Clear();
        _expected.Clear();
    }

    /// <summary>Returns the rows of the last statement. By then all before it are done.</summary>
    private NpgsqlDataReader Run()
    {
        NpgsqlDataReader? rows = null;
        try
        {
            _batch.Prepare();
            rows = _batch.ExecuteReader();
            foreach (var read in _answers)
            {
                read(rows);
                rows.NextResult();
            }

            if (_expected.Exists(command => command.RecordsAffected == 0))
                throw new NothingChangedException();
            return rows;
        }
        catch
        {
            Abandon(rows);
            throw;
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>Passes over what is left of the answers. What failed there says less than what failed before.</summary>
    private static void Abandon(NpgsqlDataReader? rows)
    {
        try
        {
            rows?.Dispose();
        }
        catch (NpgsqlException)
        {
        }
    }
}
