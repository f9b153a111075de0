using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace UCaptcha.Load;

/// <summary>Fills a file with finished tasks, each with its attempt and its charge, by the schema that is in it.</summary>
internal static class FinishedTasks
{
    private const int Batch = 100_000;
    private const long FirstAt = 1_700_000_000_000;

    /// <summary>The id of the nth: version 7, a millisecond apart.</summary>
    public static Guid IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (FirstAt + number) << 16);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        return new Guid(bytes, bigEndian: true);
    }

    public static void Fill(string file, int count)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        connection.CreateFunction("finished_id", (long number) => IdOf((int)number).ToByteArray(bigEndian: true), isDeterministic: true);
        Run(connection, "PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;");
        for (var first = 1; first <= count; first += Batch)
            FillBatch(connection, first, Math.Min(count, first + Batch - 1));
        Run(connection, $"UPDATE counters SET value = {count} WHERE name = 'task_sequence'; UPDATE api_keys SET spent_micros = {count} * 600 WHERE name = 'bench';");
        Run(connection, "PRAGMA wal_checkpoint(TRUNCATE);");
    }

    // Short ids are spread like drawn ones; times go back from now, so that nothing is due to be purged.
    private static void FillBatch(SqliteConnection connection, int first, int last) => Run(connection, $$"""
        BEGIN;
        CREATE TEMP TABLE numbers AS WITH RECURSIVE n(i) AS (VALUES ({{first}}) UNION ALL SELECT i + 1 FROM n WHERE i < {{last}})
            SELECT i, finished_id(i) AS id, (unixepoch() - 86400) * 1000 + i AS at FROM n;
        INSERT INTO tasks (id, key_id, short_id, family, request, speed_weight, dialect, created_at, deadline_at, reserved_micros,
            state, attempts, sequence, finished_at, solution, cost_micros)
        SELECT id, (SELECT id FROM api_keys WHERE name = 'bench'), 1 + (i * 1103515245) % 2147483647, 'RecaptchaV2',
            CAST('{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.com/login","websiteKey":"6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-"}' AS BLOB),
            50, 'ucaptcha', at, at + 180000, 600, 3, 1, i, at + 9000, CAST('{"gRecaptchaResponse":"' || hex(zeroblob(250)) || '"}' AS BLOB), 600
        FROM numbers;
        INSERT INTO attempts (task_id, number, account, kind, state, decision, started_at, submitted_at, finished_at, upstream_id, cost_micros)
        SELECT id, 1, 'sink', 'capmonster', 2, '{"policy":"documented","weight":50,"ranking":[{"account":"sink","cost":0.0006,"time":9000,"success":0.97,"score":0.1}],"chosen":"sink"}',
            at, at + 10, at + 9000, 'up-' || i, 600
        FROM numbers;
        INSERT INTO ledger (at, customer_id, key_id, task_id, kind, account, amount_micros)
        SELECT at + 9000, 1, (SELECT id FROM api_keys WHERE name = 'bench'), id, 'charge', 'sink', 600 FROM numbers;
        DROP TABLE numbers;
        COMMIT;
        """);

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
