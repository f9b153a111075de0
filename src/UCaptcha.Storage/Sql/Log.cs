using Microsoft.Extensions.Logging;

namespace UCaptcha.Storage.Sql;

/// <summary>What the store logs. Messages of the databases name tables and columns, never values.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Opened {Path}, schema version {Version}.")]
    public static partial void Opened(this ILogger logger, string path, int version);

    [LoggerMessage(2, LogLevel.Information, "Closed {Path}.")]
    public static partial void Closed(this ILogger logger, string path);

    [LoggerMessage(3, LogLevel.Warning, "One of {Count} writes failed; they are made one by one. More of this is told every 10 s at most.")]
    public static partial void BatchRepeated(this ILogger logger, Exception exception, int count);

    [LoggerMessage(4, LogLevel.Error, "A commit of {Count} writes failed.")]
    public static partial void CommitFailed(this ILogger logger, Exception exception, int count);

    [LoggerMessage(5, LogLevel.Error, "A rollback failed.")]
    public static partial void RollbackFailed(this ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Error, "The database could not be closed in order.")]
    public static partial void CloseFailed(this ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "The journal could not be brought into the database file.")]
    public static partial void CheckpointFailed(this ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "The connection broke in a commit, which {Was} made.")]
    public static partial void CommitResolved(this ILogger logger, string was, Exception exception);

    [LoggerMessage(9, LogLevel.Warning, "The database sends no news now.")]
    public static partial void NewsCut(this ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Information, "This server is node {Node}, {Name}.")]
    public static partial void Registered(this ILogger logger, long node, string name);
}
