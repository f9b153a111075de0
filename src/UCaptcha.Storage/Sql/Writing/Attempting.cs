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
        // Written before, when the answer was lost: it is not counted twice. Together with others that shows below, where its number is taken.
        if (session.OneByOne && session.AttemptIsBegun.Scalar(id, attempt.Number, attempt.Account, attempt.StartedAt.ToDb()) is not null)
        {
            session.CheckOwned(id);
            return true;
        }

        if (!session.BeginTask.Expect(id, begin.Price.Micros))
        {
            session.CheckOwned(id);
            if (!TryTopUp(session, attempt.TaskId, begin.Price))
                return false;
            session.BeginTask.Send(id, begin.Price.Micros);
        }

        session.InsertAttempt.Send(id, attempt.Number, attempt.Account, attempt.Kind, attempt.Decision, attempt.StartedAt.ToDb());
        return true;
    }

    public static bool Submit(WriteSession session, (Guid TaskId, int Number, string UpstreamId, DateTimeOffset At) submission)
    {
        var id = submission.TaskId.ToDb();
        if (!session.SubmitAttempt.Expect(submission.UpstreamId, submission.At.ToDb(), id, submission.Number))
            throw new InvalidOperationException($"Attempt {submission.Number} of task {submission.TaskId} is at an end or unknown.");
        SetState(session, TaskState.Submitted, id);
        return true;
    }

    public static bool Close(WriteSession session, AttemptEnd end)
    {
        if (End(session, end, paid: Usd.Zero))
            SetState(session, TaskState.Queued, end.TaskId.ToDb());
        return true;
    }

    /// <summary>Ends an attempt and books what of its cost no key pays. False when it was at an end before.</summary>
    public static bool End(WriteSession session, AttemptEnd end, Usd paid)
    {
        var id = end.TaskId.ToDb();
        if (!session.EndAttempt.Expect(
            (int)end.State, end.At.ToDb(), end.UpstreamId, end.ErrorCode, end.ErrorClass, end.Cost.Micros, id, end.Number))
        {
            if (session.AttemptExists.Scalar(id, end.Number) is null)
                throw new InvalidOperationException($"There is no attempt {end.Number} of task {end.TaskId}.");
            return false;
        }

        if (end.Cost > paid)
            Spending.Book(session, end.TaskId, LedgerKind.OperatorLoss, end.Number, end.Cost - paid, end.At);
        if (end.Statistics is not null)
            session.SaveStatistics(end.Statistics);
        return true;
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
        session.RaiseReserve.Send(price.Micros, taskId.ToDb());
        return true;
    }

    private static void SetState(WriteSession session, TaskState state, byte[] id)
    {
        if (!session.SetTaskState.Expect((int)state, id))
            session.CheckOwned(id);
    }
}
