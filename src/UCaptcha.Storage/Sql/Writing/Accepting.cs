using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>Stores a new task, or tells why not.</summary>
internal static class Accepting
{
    public static AcceptOutcome Accept(WriteSession session, StoredTask task)
    {
        // First, because it locks the key: whoever else uses the same request id waits here for this commit.
        var refused = Spending.TryReserve(session, task.KeyId, task.Reserved);
        if (task.RequestId is not null && FindEarlier(session, task) is { } earlier)
            return refused is null ? Undone(session, task, earlier) : earlier;
        if (refused is { } reason)
            return new AcceptOutcome(reason);
        if (!TryInsert(session, task))
            return Undone(session, task, new AcceptOutcome(AcceptResult.ShortIdTaken));

        if (task.RequestId is not null)
            session.InsertRequestId.Send(task.KeyId, task.RequestId, task.Fingerprint.ToDb(), task.Id.ToDb(), task.CreatedAt.ToDb());
        return new AcceptOutcome(AcceptResult.Accepted);
    }

    private static AcceptOutcome Undone(WriteSession session, StoredTask task, AcceptOutcome outcome)
    {
        Spending.Settle(session, task.KeyId, task.Reserved, Usd.Zero);
        return outcome;
    }

    private static AcceptOutcome? FindEarlier(WriteSession session, StoredTask task)
    {
        using var rows = session.FindRequestId.Query(task.KeyId, task.RequestId);
        return RequestIdRows.Read(rows, task.Fingerprint);
    }

    private static bool TryInsert(WriteSession session, StoredTask task) => session.InsertTask.Expect(
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
