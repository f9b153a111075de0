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
        if (!TryUpdateTask(session, end))
        {
            session.CheckOwned(end.TaskId.ToDb());
            return TaskPlace.None;
        }

        int? endedAttempt = null;
        if (end.Attempt is { } attempt)
        {
            var solvedIt = end.State == TaskState.Ready && attempt.State == AttemptState.Solved;
            if (Attempting.End(session, attempt, paid: solvedIt ? end.Charge : Usd.Zero))
                endedAttempt = attempt.Number;
        }

        Spending.Settle(session, end.TaskId, end.KeyId, end.Charge);
        if (end.Charge > Usd.Zero)
            Spending.Book(session, end.TaskId, LedgerKind.Charge, endedAttempt, end.Charge, end.At);
        if (end.Callback is { } callback)
            session.AddCallback.Send(callback.Id.ToDb(), callback.Receiver, end.TaskId.ToDb());
        return session.TakePlace(end.TaskId, end.KeyId);
    }

    /// <summary>False when it is at an end already or gone.</summary>
    private static bool TryUpdateTask(WriteSession session, TaskEnd end) => session.FinishTask.Expect(
        (int)end.State,
        session.NextPlace,
        end.At.ToDb(),
        end.Solution.IsEmpty ? null : end.Solution.ToDb(),
        end.Charge.Micros,
        end.ErrorCode,
        end.ErrorDescription,
        end.TaskId.ToDb());
}
