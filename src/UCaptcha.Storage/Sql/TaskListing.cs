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
        using var rows = (DbDataReader)connection.ExecuteReader(Sql(filter, page.Before is not null), new
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

    /// <summary>Its parameters are the filter's, with Before and Limit.</summary>
    public static string Sql(TaskFilter filter, bool afterAPage)
    {
        var sql = new StringBuilder(TaskSql.Select).Append(" WHERE 1 = 1");
        if (afterAPage)
            sql.Append(" AND id < @Before");
        if (filter.Since is not null)
            sql.Append(" AND id >= @Since");
        if (filter.Until is not null)
            sql.Append(" AND id < @Until");
        if (filter.KeyId is not null)
            sql.Append(" AND key_id = @KeyId");
        if (filter.CustomerId is not null)
            sql.Append(" AND key_id IN (SELECT k.id FROM api_keys k WHERE k.customer_id = @CustomerId)");
        // Spelled out as in each database's index of unfinished tasks, so that it serves.
        if (filter.State is < TaskState.Ready)
            sql.Append(" AND state < 3 AND finished_at IS NULL");
        if (filter.State is not null)
            sql.Append(" AND state = @State");
        // Such tasks are few: they are looked up by the index of lost attempts, whatever number of others there is.
        if (filter.LostAttempts)
            sql.Append(" AND id IN (SELECT a.task_id FROM attempts a WHERE a.state = 4)");
        return sql.Append(" ORDER BY id DESC LIMIT @Limit").ToString();
    }

    /// <summary>The smallest id of a moment: a version 7 UUID begins with 48 bits of unix milliseconds, from 1970 on.</summary>
    private static byte[] FirstId(DateTimeOffset moment)
    {
        Span<byte> milliseconds = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(milliseconds, Math.Max(0, moment.ToDb()));
        var id = new byte[16];
        milliseconds[2..].CopyTo(id);
        return id;
    }
}
