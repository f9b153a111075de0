using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite.Writing;

/// <summary>Stores a new task, or tells why not.</summary>
internal static class Accepting
{
    public static AcceptOutcome Accept(WriteSession session, StoredTask task)
    {
        if (task.RequestId is not null && FindEarlier(session, task) is { } earlier)
            return earlier;
        if (Spending.TryReserve(session, task.KeyId, task.Reserved) is { } refused)
            return new AcceptOutcome(refused);
        if (Insert(session, task) == 0)
        {
            Spending.Settle(session, task.KeyId, task.Reserved, Usd.Zero);
            return new AcceptOutcome(AcceptResult.ShortIdTaken);
        }

        if (task.RequestId is not null)
            session.InsertRequestId.Execute(task.KeyId, task.RequestId, task.Fingerprint.ToDb(), task.Id.ToDb(), task.CreatedAt.ToDb());
        return new AcceptOutcome(AcceptResult.Accepted);
    }

    private static AcceptOutcome? FindEarlier(WriteSession session, StoredTask task)
    {
        using var rows = session.FindRequestId.Query(task.KeyId, task.RequestId);
        if (!rows.Read())
            return null;
        return rows.GetBytes(0).AsSpan().SequenceEqual(task.Fingerprint.Span)
            ? new AcceptOutcome(AcceptResult.Repeated, DbValue.ToId(rows.GetBytes(1)), RowReader.ReadForgotten(rows, firstColumn: 2))
            : new AcceptOutcome(AcceptResult.RequestIdTaken);
    }

    private static int Insert(WriteSession session, StoredTask task) => session.InsertTask.Execute(
        task.Id.ToDb(),
        task.KeyId,
        task.ShortId,
        task.Family,
        task.Request.ToDb(),
        task.SpeedWeight,
        task.Provider,
        task.CallbackUrl,
        task.Dialect,
        task.RequestId,
        task.RequestId is null ? null : task.Fingerprint.ToDb(),
        task.CreatedAt.ToDb(),
        task.Deadline.ToDb(),
        task.Reserved.Micros);
}
