using System.Data;
using System.Text.Json;
using Dapper;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Storage.Sql;

/// <summary>Callbacks by way of Dapper, inside the transaction that the connection has open.</summary>
internal static class CallbackRows
{
    private sealed class Row
    {
        public byte[] Id { get; init; } = [];
        public byte[] TaskId { get; init; } = [];
        public int ShortId { get; init; }
        public long KeyId { get; init; }
        public string Url { get; init; } = "";
        public string Receiver { get; init; } = "";
        public string Dialect { get; init; } = "";
        public int TaskState { get; init; }
        public string? ErrorCode { get; init; }
        public string? ErrorDescription { get; init; }
        public long EndedAt { get; init; }
        public int State { get; init; }
        public long DueAt { get; init; }
        public int Tries { get; init; }
        public int Step { get; init; }
        public long? SettledAt { get; init; }
        public string? LastOutcome { get; init; }
    }

    private sealed class TryRow
    {
        public int Number { get; init; }
        public long At { get; init; }
        public long TookMs { get; init; }
        public string Outcome { get; init; } = "";
    }

    // Neither list may be empty: not every database knows the type of nothing.
    public static IReadOnlyList<StoredCallback> Claim(IDbConnection connection, CallbackClaim claim, bool shared) =>
        connection.Query<Row>(CallbackSql.Claim(shared), new
        {
            Now = claim.Now.ToDb(),
            Until = claim.Until.ToDb(),
            claim.Limit,
            claim.LimitPerReceiver,
            BusyReceivers = (string[])[" ", .. claim.BusyReceivers],
            BusyKeys = (long[])[0, .. claim.BusyKeys],
        }).Select(Read).OrderBy(callback => callback.Tries).ThenBy(callback => callback.EndedAt).ToList();

    public static void Release(IDbConnection connection) => connection.Execute(CallbackSql.Release);

    public static DateTimeOffset? NextDue(IDbConnection connection) =>
        connection.ExecuteScalar<long?>(CallbackSql.NextDue) is { } due ? DbValue.ToTime(due) : null;

    public static bool Record(IDbConnection connection, CallbackRecord record)
    {
        var settled = record.State == CallbackState.Pending ? null : (long?)record.Try.At.ToDb();
        var row = new
        {
            Id = record.Id.ToDb(),
            record.Try.Number,
            At = record.Try.At.ToDb(),
            TookMs = (long)record.Try.Took.TotalMilliseconds,
            record.Try.Outcome,
            State = (int)record.State,
            DueAt = record.DueAt.ToDb(),
            record.Step,
            SettledAt = settled,
        };
        return connection.Execute(CallbackSql.Record, row) > 0 && connection.Execute(CallbackSql.AddTry, row) > 0;
    }

    public static StoredCallback? Find(IDbConnection connection, Guid id) =>
        connection.QuerySingleOrDefault<Row>(CallbackSql.Find, new { id = id.ToDb() }) is { } row ? Read(row) : null;

    public static IReadOnlyList<StoredCallback> List(IDbConnection connection, CallbackFilter filter) =>
        connection.Query<Row>(CallbackSql.List(filter), new
        {
            filter.KeyId,
            TaskId = filter.TaskId?.ToDb(),
            State = (int?)filter.State,
            Before = filter.Before?.ToDb(),
            filter.Limit,
        }).Select(Read).ToList();

    public static IReadOnlyList<CallbackTry> Tries(IDbConnection connection, Guid id) =>
        connection.Query<TryRow>(CallbackSql.Tries, new { id = id.ToDb() })
            .Select(row => new CallbackTry(row.Number, DbValue.ToTime(row.At), TimeSpan.FromMilliseconds(row.TookMs), row.Outcome))
            .ToList();

    public static bool Replay(IDbConnection connection, Guid id, ChangedBy by)
    {
        connection.Execute(CallbackSql.Hold, new { id = id.ToDb() });
        if (Find(connection, id) is not { } before)
            return false;
        connection.Execute(CallbackSql.Replay, new { id = id.ToDb(), now = by.At.ToDb() });
        AuditRows.Append(connection, by, "callback.replay", $"callback/{id}", Describe(before), Describe(Find(connection, id)!));
        return true;
    }

    public static long CountPending(IDbConnection connection) => connection.ExecuteScalar<long>(CallbackSql.CountPending);

    public static bool Defer(IDbConnection connection, (CallbackLane Lane, IReadOnlyCollection<StoredCallback> Claimed, DateTimeOffset Until) defer)
    {
        var until = defer.Until.ToDb();
        foreach (var callback in defer.Claimed)
            connection.Execute(CallbackSql.Unclaim, new { Id = callback.Id.ToDb(), callback.Tries, Until = until });
        return connection.Execute(CallbackSql.Defer, new { defer.Lane.KeyId, defer.Lane.Receiver, Until = until }) > 0;
    }

    public static int GiveUp(IDbConnection connection, CallbackExcess excess)
    {
        var now = excess.Now.ToDb();
        var given = 0;
        foreach (var lane in excess.Dead)
        {
            given += connection.Execute(CallbackSql.GiveUpLate, new
            {
                lane.KeyId,
                lane.Receiver,
                Now = now,
                EndedBefore = excess.EndedBefore.ToDb(),
                Limit = excess.Limit - given,
                Reason = "waited too long for its receiver",
            });
        }

        if (excess.MostPerKey is { } most)
        {
            given += connection.Execute(
                CallbackSql.GiveUpMany, new { Now = now, Most = most, Limit = excess.Limit - given, Reason = "too many of its key were waiting" });
        }

        return given;
    }

    public static int Purge(IDbConnection connection, DateTimeOffset settledBefore, int limit) =>
        connection.Execute(CallbackSql.Purge, new { before = settledBefore.ToDb(), limit });

    private static object Describe(StoredCallback callback) => new
    {
        State = JsonNamingPolicy.CamelCase.ConvertName(callback.State.ToString()),
        DueAt = callback.State == CallbackState.Pending ? callback.DueAt : (DateTimeOffset?)null,
        callback.SettledAt,
        WaitsBehind = callback.Step,
    };

    private static StoredCallback Read(Row row) => new()
    {
        Id = DbValue.ToId(row.Id),
        TaskId = DbValue.ToId(row.TaskId),
        ShortId = row.ShortId,
        KeyId = row.KeyId,
        Url = row.Url,
        Receiver = row.Receiver,
        Dialect = row.Dialect,
        TaskState = (TaskState)row.TaskState,
        ErrorCode = row.ErrorCode,
        ErrorDescription = row.ErrorDescription,
        EndedAt = DbValue.ToTime(row.EndedAt),
        State = (CallbackState)row.State,
        DueAt = DbValue.ToTime(row.DueAt),
        Tries = row.Tries,
        Step = row.Step,
        SettledAt = row.SettledAt is { } settled ? DbValue.ToTime(settled) : null,
        LastOutcome = row.LastOutcome,
    };
}
