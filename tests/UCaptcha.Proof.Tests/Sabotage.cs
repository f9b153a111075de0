using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.Proof.Tests;

/// <summary>A fault in the database of a server that runs: it breaks one promise now and then, and the server does not know. The oracle must find it out.</summary>
/// <param name="Name">The promise that is broken.</param>
/// <param name="Names">Stands in a sentence that names it.</param>
/// <param name="Sql">Makes the fault.</param>
internal sealed record Sabotage(string Name, string Names, string Sql)
{
    public static IReadOnlyList<Sabotage> All { get; } =
    [
        new("a charge is not written down", "and was charged 0",
            """
            DROP TRIGGER ledger_no_delete;
            CREATE TRIGGER drop_charge AFTER INSERT ON ledger WHEN NEW.kind = 'charge' AND NEW.id % 20 = 0 BEGIN DELETE FROM ledger WHERE id = NEW.id; END;
            """),
        new("a key pays twice", "and its ledger says",
            """
            CREATE TRIGGER pay_twice AFTER UPDATE OF spent_micros ON api_keys WHEN NEW.spent_micros > OLD.spent_micros AND abs(random()) % 10 = 0
            BEGIN UPDATE api_keys SET spent_micros = 2 * NEW.spent_micros - OLD.spent_micros WHERE id = NEW.id; END;
            """),
        new("request ids are forgotten", "request id",
            """
            CREATE TRIGGER forget_request_id AFTER INSERT ON request_ids
            BEGIN DELETE FROM request_ids WHERE key_id = NEW.key_id AND request_id = NEW.request_id; END;
            """),
        new("a callback is forgotten", "owes no callback",
            """
            CREATE TRIGGER forget_callback AFTER INSERT ON callbacks WHEN abs(random()) % 10 = 0 BEGIN DELETE FROM callbacks WHERE id = NEW.id; END;
            """),
        new("a task ends otherwise than it was told", "saw Seen { Status = ready",
            """
            CREATE TRIGGER end_anew AFTER UPDATE OF state ON tasks WHEN NEW.state = 3 AND abs(random()) % 10 = 0
            BEGIN UPDATE tasks SET state = 4, error_code = 'X' WHERE id = NEW.id; END;
            """),
        new("a reserve is not freed", "set aside",
            """
            CREATE TRIGGER keep_reserve AFTER UPDATE OF reserved_micros ON api_keys WHEN NEW.reserved_micros < OLD.reserved_micros AND abs(random()) % 10 = 0
            BEGIN UPDATE api_keys SET reserved_micros = NEW.reserved_micros + 1 WHERE id = NEW.id; END;
            """),
    ];

    public static TheoryData<string> BrokenPromises { get; } = [.. All.Select(sabotage => sabotage.Name)];
}

/// <summary>A room whose database gets every sabotage as soon as the server has made its tables.</summary>
internal sealed class SabotagedRoom : IStoreRoom
{
    private readonly SqliteRoom _room = new();

    public IReadOnlyDictionary<string, string> Settings => _room.Settings;

    public string DataFolder(int node) => _room.DataFolder(node);

    public DbConnection Connect() => _room.Connect();

    public void NoteTakeovers()
    {
        using var connection = new SqliteConnection($"Data Source={_room.FilePath};Pooling=False");
        foreach (var sabotage in Sabotage.All)
            connection.Execute(sabotage.Sql);
    }

    public ValueTask DisposeAsync() => _room.DisposeAsync();
}
