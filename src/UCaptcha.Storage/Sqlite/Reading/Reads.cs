using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite.Reading;

/// <summary>What the store reads with prepared statements.</summary>
internal static class Reads
{
    public static StoredTask? FindTask(ReadSession session, Guid id)
    {
        using var rows = session.TaskById.Query(id.ToDb());
        return rows.Read() ? RowReader.ReadTask(rows) : null;
    }

    public static StoredTask? FindTask(ReadSession session, (long KeyId, int ShortId) key)
    {
        using var rows = session.TaskByShortId.Query(key.KeyId, key.ShortId);
        return rows.Read() ? RowReader.ReadTask(rows) : null;
    }

    public static IReadOnlyList<StoredAttempt> ListAttempts(ReadSession session, Guid taskId)
    {
        var attempts = new List<StoredAttempt>();
        using var rows = session.AttemptsByTask.Query(taskId.ToDb());
        while (rows.Read())
            attempts.Add(RowReader.ReadAttempt(rows));
        return attempts;
    }

    public static FinishedPage ListFinished(ReadSession session, (long KeyId, long AfterSequence, int Limit) wanted)
    {
        var page = new FinishedPage(wanted.Limit);
        using var rows = session.Finished.Query(wanted.KeyId, wanted.AfterSequence, wanted.Limit);
        while (!page.IsFull && rows.Read())
            page.Add(RowReader.ReadTask(rows));
        return page;
    }

    /// <summary>One page of unfinished tasks behind another, with their attempts, all of one moment.</summary>
    public static IReadOnlyList<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)> ListUnfinished(
        ReadSession session,
        (DateTimeOffset CreatedAt, Guid Id, int Limit) after)
    {
        session.Begin.Execute();
        var tasks = new List<StoredTask>();
        using (var rows = session.Unfinished.Query(after.CreatedAt.ToDb(), after.Id.ToDb(), after.Limit))
        {
            while (rows.Read())
                tasks.Add(RowReader.ReadTask(rows));
        }

        var page = tasks.ConvertAll(t => (t, ListAttempts(session, t.Id)));
        session.End.Execute();
        return page;
    }

    public static long LastSequence(ReadSession session) => (long)session.LastSequence.Scalar()!;
}
