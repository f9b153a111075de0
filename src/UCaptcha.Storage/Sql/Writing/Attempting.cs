using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>The steps of an attempt. On a task that is at an end they change the attempt only.</summary>
internal static class Attempting
{
    public static bool Begin(WriteSession session, (StoredAttempt Attempt, Usd Price) begin)
    {
        var attempt = begin.Attempt;
        var id = attempt.TaskId.ToDb();
        // Written before, when the answer was lost: it is not counted twice.
        if (session.AttemptIsBegun.Scalar(id, attempt.Number, attempt.Account, attempt.StartedAt.ToDb()) is not null)
        {
            session.CheckOwned(id);
            return true;
        }

        if (session.BeginTask.Execute(id, begin.Price.Micros) == 0)
        {
            session.CheckOwned(id);
            if (!TryTopUp(session, attempt.TaskId, begin.Price))
                return false;
            session.BeginTask.Execute(id, begin.Price.Micros);
        }

        session.InsertAttempt.Execute(id, attempt.Number, attempt.Account, attempt.Kind, attempt.Decision, attempt.StartedAt.ToDb());
        return true;
    }

    public static bool Submit(WriteSession session, (Guid TaskId, int Number, string UpstreamId, DateTimeOffset At) submission)
    {
        var id = submission.TaskId.ToDb();
        if (session.SubmitAttempt.Execute(submission.UpstreamId, submission.At.ToDb(), id, submission.Number) == 0)
            throw new InvalidOperationException($"Attempt {submission.Number} of task {submission.TaskId} is at an end or unknown.");
        SetState(session, TaskState.Submitted, id);
        return true;
    }

    public static bool Close(WriteSession session, AttemptEnd end)
    {
        if (End(session, end, paid: Usd.Zero) is not null)
            SetState(session, TaskState.Queued, end.TaskId.ToDb());
        return true;
    }

    /// <summary>Ends an attempt and books what of its cost no key pays. Returns its account, or null when it was at an end before.</summary>
    public static string? End(WriteSession session, AttemptEnd end, Usd paid)
    {
        var id = end.TaskId.ToDb();
        string? account = null;
        using (var rows = session.EndAttempt.Query(
            (int)end.State, end.At.ToDb(), end.UpstreamId, end.ErrorCode, end.ErrorClass, end.Cost.Micros, id, end.Number))
        {
            if (rows.Read())
                account = rows.GetString(0);
        }

        if (account is null)
            return Known(session, end, id);
        if (end.Cost > paid)
            Spending.Book(session, end.TaskId, LedgerKind.OperatorLoss, account, end.Cost - paid, end.At);
        if (end.Statistics is not null)
            session.SaveStatistics(end.Statistics);
        return account;
    }

    private static bool TryTopUp(WriteSession session, Guid taskId, Usd price)
    {
        long keyId;
        Usd reserved;
        using (var rows = session.FindReserve.Query(taskId.ToDb()))
        {
            if (!rows.Read())
                throw new InvalidOperationException($"Task {taskId} is at an end or unknown: no attempt can begin.");
            (keyId, reserved) = (rows.GetInt64(0), new Usd(rows.GetInt64(1)));
        }

        session.LockPayer(keyId);
        if (Spending.TryReserve(session, keyId, price - reserved) is not null)
            return false;
        session.RaiseReserve.Execute(price.Micros, taskId.ToDb());
        return true;
    }

    private static void SetState(WriteSession session, TaskState state, byte[] id)
    {
        if (session.SetTaskState.Execute((int)state, id) == 0)
            session.CheckOwned(id);
    }

    private static string? Known(WriteSession session, AttemptEnd end, byte[] id) =>
        session.AttemptAccount.Scalar(id, end.Number) is null
            ? throw new InvalidOperationException($"There is no attempt {end.Number} of task {end.TaskId}.")
            : null;
}
