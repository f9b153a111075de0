using Microsoft.Extensions.Logging;

namespace UCaptcha.Storage.Sql;

/// <summary>What the store logs; of failures through <see cref="FailureLog"/>. Messages of the databases name tables and columns, never values.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 301, Level = LogLevel.Information, Message = "Opened {Path}, schema version {Version}.")]
    public static partial void Opened(this ILogger logger, string path, int version);

    [LoggerMessage(EventId = 302, Level = LogLevel.Information, Message = "Closed {Path}.")]
    public static partial void Closed(this ILogger logger, string path);

    [LoggerMessage(EventId = 303, Level = LogLevel.Warning, Message = "One of {Count} writes failed; they are made one by one. More of this is told every 10 s at most: {Why}")]
    public static partial void BatchRepeated(this ILogger logger, Exception? exception, int count, string why);

    [LoggerMessage(EventId = 304, Level = LogLevel.Error, Message = "A commit of {Count} writes failed. More of this is told every 10 s at most: {Why}")]
    public static partial void CommitFailed(this ILogger logger, Exception? exception, int count, string why);

    [LoggerMessage(EventId = 305, Level = LogLevel.Error, Message = "A rollback failed. More of this is told every 10 s at most: {Why}")]
    public static partial void RollbackFailed(this ILogger logger, Exception? exception, string why);

    [LoggerMessage(EventId = 306, Level = LogLevel.Error, Message = "The database could not be closed in order: {Why}")]
    public static partial void CloseFailed(this ILogger logger, Exception? exception, string why);

    [LoggerMessage(EventId = 307, Level = LogLevel.Warning, Message = "The journal could not be brought into the database file. More of this is told every 10 s at most: {Why}")]
    public static partial void CheckpointFailed(this ILogger logger, Exception? exception, string why);

    [LoggerMessage(EventId = 308, Level = LogLevel.Warning, Message = "The connection broke in a commit, which {Was} made. More of this is told every 10 s at most: {Why}")]
    public static partial void CommitResolved(this ILogger logger, Exception? exception, string was, string why);

    [LoggerMessage(EventId = 309, Level = LogLevel.Warning, Message = "The database sends no news of other nodes now. More of this is told every 10 s at most: {Why}")]
    public static partial void NewsCut(this ILogger logger, Exception? exception, string why);

    [LoggerMessage(EventId = 310, Level = LogLevel.Information, Message = "This server is node {Node}, {Name}.")]
    public static partial void Registered(this ILogger logger, long node, string name);
}
