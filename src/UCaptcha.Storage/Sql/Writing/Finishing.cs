using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>Ends a task: its result, its last attempt, its place in the order, its money, its callback.</summary>
internal static class Finishing
{
    public static TaskPlace Finish(WriteSession session, TaskEnd end)
    {
        if (end.State is not (TaskState.Ready or TaskState.Failed))
            throw new ArgumentException($"{end.State} is not an end of a task.", nameof(end));
        if (end.Charge < Usd.Zero || end.Attempt?.Cost < Usd.Zero)
            throw new ArgumentException("Nobody is paid for a task.", nameof(end));
        if (UpdateTask(session, end) is not { } task)
        {
            session.CheckOwned(end.TaskId.ToDb());
            return TaskPlace.None;
        }

        string? account = null;
        if (end.Attempt is { } attempt)
        {
            var solvedIt = end.State == TaskState.Ready && attempt.State == AttemptState.Solved;
            account = Attempting.End(session, attempt, paid: solvedIt ? end.Charge : Usd.Zero);
        }

        Spending.Settle(session, task.KeyId, task.Reserved, end.Charge);
        if (end.Charge > Usd.Zero)
            Spending.Book(session, end.TaskId, LedgerKind.Charge, account, end.Charge, end.At);
        if (end.Callback is { } callback)
            CallbackRows.Add(session.Connection, end.TaskId, callback);
        return session.TakePlace(end.TaskId, task.KeyId);
    }

    /// <summary>The key and the reserve of the task, or null when it is at an end already or gone.</summary>
    private static (long KeyId, Usd Reserved)? UpdateTask(WriteSession session, TaskEnd end)
    {
        using var rows = session.FinishTask.Query(
            (int)end.State,
            session.NextPlace,
            end.At.ToDb(),
            end.Solution.IsEmpty ? null : end.Solution.ToDb(),
            end.Charge.Micros,
            end.ErrorCode,
            end.ErrorDescription,
            end.TaskId.ToDb());
        return rows.Read() ? (rows.GetInt64(0), new Usd(rows.GetInt64(1))) : null;
    }
}
