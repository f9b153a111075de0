using Npgsql;
using NpgsqlTypes;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>
/// The tasks that a transaction ends. Their places are taken and committed in one round trip, because whoever has the counter keeps the
/// commits of all nodes waiting.
/// </summary>
internal sealed class EndedTasks : IDisposable
{
    private const string GivePlaces =
        """
        WITH last AS (UPDATE counters SET value = value + cardinality($1) WHERE name = 'task_sequence' RETURNING value)
        UPDATE tasks SET sequence = last.value - cardinality($1) + ended.place
        FROM last, unnest($1) WITH ORDINALITY AS ended (id, place) WHERE tasks.id = ended.id
        RETURNING last.value
        """;

    private const string Places = "SELECT id, sequence FROM tasks WHERE id = ANY ($1)";

    private readonly List<(byte[] Id, long KeyId, TaskPlace Place)> _tasks = [];
    private readonly NpgsqlParameter<byte[][]> _ids = new() { TypedValue = [], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
    private readonly NpgsqlBatch _placeAndCommit;
    private readonly NpgsqlCommand _commit;
    private readonly NewsSender _news;

    public EndedTasks(Pipeline pipeline, NodeLease lease)
    {
        var connection = pipeline.Connection;
        _placeAndCommit = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(GivePlaces) { Parameters = { _ids } }, new NpgsqlBatchCommand("COMMIT") } };
        _placeAndCommit.Prepare();
        _commit = new NpgsqlCommand("COMMIT", connection);
        _commit.Prepare();
        _news = new NewsSender(pipeline, lease);
    }

    public int Count => _tasks.Count;

    public TaskPlace Add(Guid id, long keyId)
    {
        var place = new TaskPlace();
        _tasks.Add((id.ToDb(), keyId, place));
        return place;
    }

    public void Forget(int from) => _tasks.RemoveRange(from, _tasks.Count - from);

    /// <summary>Sends the news along that the commit will make known.</summary>
    public void Tell() => _news.Send(_tasks);

    public void Commit()
    {
        if (_tasks.Count == 0)
        {
            _commit.ExecuteNonQuery();
            return;
        }

        _ids.TypedValue = [.. _tasks.Select(task => task.Id)];
        long last = 0;
        using (var rows = _placeAndCommit.ExecuteReader())
        {
            while (rows.Read())
                last = rows.GetInt64(0);
        }

        for (var i = 0; i < _tasks.Count; i++)
            _tasks[i].Place.Value = last - _tasks.Count + i + 1;
    }

    /// <summary>Reads the places that were committed when the answer to the commit got lost.</summary>
    public void ReadPlaces(NpgsqlConnection connection)
    {
        if (_tasks.Count == 0)
            return;
        using var command = new NpgsqlCommand(Places, connection) { Parameters = { new NpgsqlParameter<byte[][]> { TypedValue = [.. _tasks.Select(task => task.Id)] } } };
        using var rows = command.ExecuteReader();
        var places = new Dictionary<Guid, long>();
        while (rows.Read())
            places[DbValue.ToId(rows.GetBytes(0))] = rows.GetInt64(1);
        foreach (var (id, _, place) in _tasks)
            place.Value = places.GetValueOrDefault(DbValue.ToId(id));
    }

    public void Dispose()
    {
        _placeAndCommit.Dispose();
        _commit.Dispose();
    }
}
