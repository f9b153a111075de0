using System.Data.Common;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>Statistics, verdicts and forgetting.</summary>
internal static class Recording
{
    public static bool AddFeedback(
        WriteSession session,
        (Feedback Verdict, StatisticsRow? Statistics) given)
    {
        var verdict = given.Verdict;
        if (session.AddFeedback.Execute(verdict.TaskId.ToDb(), verdict.Invalid ? 1 : 0, verdict.Code, verdict.Message, verdict.At.ToDb()) == 0)
            return false;
        if (verdict.Refund)
            Spending.Refund(session, verdict.TaskId, verdict.At);
        if (given.Statistics is not null)
            session.SaveStatistics(given.Statistics);
        return true;
    }

    public static int Purge(WriteSession session, (DateTimeOffset EndedBefore, DateTimeOffset RequestIdsBefore, int Limit) purge)
    {
        var forgotten = session.PurgeRequestIds.Execute(purge.RequestIdsBefore.ToDb(), purge.Limit);
        var (count, outcomes) = (0, new List<object?[]>());
        using (var rows = session.PurgeTasks.Query(purge.EndedBefore.ToDb(), purge.Limit))
        {
            for (; rows.Read(); count++)
            {
                if (!rows.IsDBNull(0))
                    outcomes.Add(Outcome(rows));
            }
        }

        foreach (var outcome in outcomes)
            session.KeepOutcome.Send(outcome);
        return Math.Max(count, forgotten);
    }

    /// <summary>The values of <see cref="RequestIdSql.KeepOutcome"/> from a row of <see cref="TaskSql.Purge"/>.</summary>
    private static object?[] Outcome(DbDataReader row)
    {
        var values = new object?[row.FieldCount];
        row.GetValues(values!);
        return [.. values[1..], values[0]];
    }
}
