using System.Data;
using System.Data.Common;
using System.Text;
using Dapper;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Storage.Sql;

/// <summary>Lists tasks for administrators, newest first: ids are in the order of creation, so the primary key is the index of it all.</summary>
internal static class TaskListing
{
    public static IReadOnlyList<StoredTask> List(IDbConnection connection, (TaskFilter Filter, Guid? Before, int Limit) page)
    {
        var filter = page.Filter;
        var sql = new StringBuilder(TaskSql.Select).Append(" WHERE 1 = 1");
        if (page.Before is not null)
            sql.Append(" AND id < @Before");
        if (filter.Since is not null)
            sql.Append(" AND id >= @Since");
        if (filter.Until is not null)
            sql.Append(" AND id < @Until");
        if (filter.KeyId is not null)
            sql.Append(" AND key_id = @KeyId");
        if (filter.CustomerId is not null)
            sql.Append(" AND key_id IN (SELECT k.id FROM api_keys k WHERE k.customer_id = @CustomerId)");
        // Spelled out, so that the index of unfinished tasks serves.
        if (filter.State is < TaskState.Ready)
            sql.Append(" AND state < 3");
        if (filter.State is not null)
            sql.Append(" AND state = @State");
        if (filter.LostAttempts)
            sql.Append(" AND EXISTS (SELECT 1 FROM attempts a WHERE a.task_id = tasks.id AND a.state = 4)");
        sql.Append(" ORDER BY id DESC LIMIT @Limit");
        using var rows = (DbDataReader)connection.ExecuteReader(sql.ToString(), new
        {
            Before = page.Before?.ToDb(),
            Since = filter.Since is { } since ? FirstId(since) : null,
            Until = filter.Until is { } until ? FirstId(until) : null,
            filter.KeyId,
            filter.CustomerId,
            State = (int?)filter.State,
            page.Limit,
        });
        var tasks = new List<StoredTask>();
        while (rows.Read())
            tasks.Add(RowReader.ReadTask(rows));
        return tasks;
    }

    /// <summary>The smallest id of a moment: a version 7 UUID begins with 48 bits of unix milliseconds.</summary>
    private static byte[] FirstId(DateTimeOffset moment)
    {
        Span<byte> milliseconds = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(milliseconds, moment.ToDb());
        var id = new byte[16];
        milliseconds[2..].CopyTo(id);
        return id;
    }
}
