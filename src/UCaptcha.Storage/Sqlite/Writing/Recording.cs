using UCaptcha.Core.Routing;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite.Writing;

/// <summary>Statistics, verdicts and forgetting.</summary>
internal static class Recording
{
    public static void SaveStatistics(WriteSession session, StatisticsRow row) => session.SaveStatistics.Execute(
        row.Account, row.Family, row.CostMicros, row.SolveTimeMs, row.Successes, row.Failures, row.Samples, row.UpdatedAt.ToDb());

    public static bool AddFeedback(
        WriteSession session,
        (Guid TaskId, bool Invalid, string Code, string Message, DateTimeOffset At, StatisticsRow? Statistics) verdict)
    {
        if (session.AddFeedback.Execute(verdict.TaskId.ToDb(), verdict.Invalid ? 1 : 0, verdict.Code, verdict.Message, verdict.At.ToDb()) == 0)
            return false;
        if (verdict.Statistics is not null)
            SaveStatistics(session, verdict.Statistics);
        return true;
    }

    public static int Purge(WriteSession session, (DateTimeOffset EndedBefore, DateTimeOffset RequestIdsBefore, int Limit) purge)
    {
        session.PurgeRequestIds.Execute(purge.RequestIdsBefore.ToDb(), purge.Limit);
        return session.PurgeTasks.Execute(purge.EndedBefore.ToDb(), purge.Limit);
    }
}
