using System.Data.Common;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Storage.Sql;

/// <summary>Reads the rows of <see cref="TaskSql"/> and <see cref="AttemptSql"/> by column position.</summary>
internal static class RowReader
{
    public static StoredTask ReadTask(DbDataReader row) => new()
    {
        Id = DbValue.ToId(row.GetBytes(0)),
        KeyId = row.GetInt64(1),
        ShortId = row.GetInt32(2),
        Family = row.GetString(3),
        Request = row.GetBytes(4),
        SpeedWeight = row.GetInt32(5),
        Provider = row.GetTextOrNull(6),
        CallbackUrl = row.GetTextOrNull(7),
        Dialect = row.GetString(8),
        RequestId = row.GetTextOrNull(9),
        Fingerprint = row.GetBytesOrEmpty(10),
        CreatedAt = DbValue.ToTime(row.GetInt64(11)),
        Deadline = DbValue.ToTime(row.GetInt64(12)),
        Reserved = new Usd(row.GetInt64(13)),
        State = (TaskState)row.GetInt32(14),
        Attempts = row.GetInt32(15),
        Sequence = row.GetLongOrNull(16),
        FinishedAt = row.GetTimeOrNull(17),
        Solution = row.GetBytesOrEmpty(18),
        Cost = new Usd(row.GetInt64(19)),
        ErrorCode = row.GetTextOrNull(20),
        ErrorDescription = row.GetTextOrNull(21),
    };

    /// <summary>What a request id keeps of a purged task, or null while the task is there.</summary>
    public static ForgottenTask? ReadForgotten(DbDataReader row, int firstColumn) => row.IsDBNull(firstColumn)
        ? null
        : new ForgottenTask(
            ShortId: row.GetInt32(firstColumn + 1),
            (TaskState)row.GetInt32(firstColumn),
            row.GetInt32(firstColumn + 2),
            DbValue.ToTime(row.GetInt64(firstColumn + 3)),
            DbValue.ToTime(row.GetInt64(firstColumn + 4)),
            new Usd(row.GetInt64(firstColumn + 5)),
            row.GetTextOrNull(firstColumn + 6),
            row.GetTextOrNull(firstColumn + 7));

    public static StoredAttempt ReadAttempt(DbDataReader row) => new()
    {
        TaskId = DbValue.ToId(row.GetBytes(0)),
        Number = row.GetInt32(1),
        Account = row.GetString(2),
        Kind = row.GetString(3),
        State = (AttemptState)row.GetInt32(4),
        Decision = row.GetString(5),
        StartedAt = DbValue.ToTime(row.GetInt64(6)),
        SubmittedAt = row.GetTimeOrNull(7),
        FinishedAt = row.GetTimeOrNull(8),
        UpstreamId = row.GetTextOrNull(9),
        ErrorCode = row.GetTextOrNull(10),
        ErrorClass = row.GetTextOrNull(11),
        CostMicros = row.GetInt64(12),
    };
}
