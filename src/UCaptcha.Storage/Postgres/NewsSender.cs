using System.Globalization;
using System.Text;
using Npgsql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>Tells the other nodes, with the commit, which tasks it ends. Says nothing while there is no other node.</summary>
internal sealed class NewsSender(Pipeline pipeline, NodeLease lease)
{
    /// <summary>A notification has less than 8000 bytes.</summary>
    private const int MostTasks = 120;

    private const string Notify = $"SELECT pg_notify('{NewsText.Channel}', $1)";

    public void Send(IEnumerable<(byte[] Id, long KeyId, TaskPlace Place)> ended)
    {
        if (lease.Alive < 2)
            return;
        foreach (var some in ended.Chunk(MostTasks))
        {
            var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{lease.Node}");
            foreach (var (id, keyId, _) in some)
                text.Append(CultureInfo.InvariantCulture, $" {Convert.ToHexString(id)}:{keyId}");
            pipeline.Send(new NpgsqlBatchCommand(Notify) { Parameters = { new NpgsqlParameter<string> { TypedValue = text.ToString() } } }, static _ => { });
        }
    }
}
