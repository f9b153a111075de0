using System.Diagnostics;
using Npgsql;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>Hears what this process asks of one database: an entry for each round trip, with its text.</summary>
internal sealed class RoundTrips : IDisposable
{
    private readonly List<string> _heard = [];
    private readonly ActivityListener _listener;

    public RoundTrips(PostgresHost host)
    {
        var database = new NpgsqlConnectionStringBuilder(host.ConnectionString).Database;
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Npgsql",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("db.namespace") as string != database || activity.GetTagItem("db.query.text") is not string text)
                    return;
                lock (_heard)
                    _heard.Add(text);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_heard)
                return [.. _heard];
        }
    }

    public void Clear()
    {
        lock (_heard)
            _heard.Clear();
    }

    public void Dispose() => _listener.Dispose();
}
