using System.Globalization;
using System.Text;
using Npgsql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>Tells the other nodes, with the commit, which tasks it ends. Says nothing while there is no other node.</summary>
internal sealed class NewsSender : IDisposable
{
    /// <summary>A notification has less than 8000 bytes.</summary>
    private const int MostTasks = 120;

    private readonly NodeLease _lease;
    private readonly NpgsqlParameter<string> _text = new() { TypedValue = "" };
    private readonly NpgsqlCommand _notify;

    public NewsSender(NpgsqlConnection connection, NodeLease lease)
    {
        _lease = lease;
        _notify = new NpgsqlCommand($"SELECT pg_notify('{NewsText.Channel}', $1)", connection) { Parameters = { _text } };
        _notify.Prepare();
    }

    public void Send(IEnumerable<(byte[] Id, long KeyId, TaskPlace Place)> ended)
    {
        if (_lease.Alive < 2)
            return;
        foreach (var some in ended.Chunk(MostTasks))
        {
            var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{_lease.Node}");
            foreach (var (id, keyId, _) in some)
                text.Append(CultureInfo.InvariantCulture, $" {Convert.ToHexString(id)}:{keyId}");
            _text.TypedValue = text.ToString();
            _notify.ExecuteNonQuery();
        }
    }

    public void Dispose() => _notify.Dispose();
}
