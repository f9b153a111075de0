namespace UCaptcha.Server.Callbacks;

// The URL is the customer's secret and its query holds the solution: host and task id are all that is said.
internal sealed partial class CallbackSender
{
    [LoggerMessage(EventId = 281, Level = LogLevel.Debug, Message = "Callback of task {TaskId} delivered to {Receiver} at try {Tries}: {Reason}")]
    private partial void LogDelivered(string receiver, Guid taskId, int tries, string reason);

    [LoggerMessage(EventId = 282, Level = LogLevel.Debug, Message = "Callback of task {TaskId} to {Receiver} failed at try {Tries}: {Reason}")]
    private partial void LogFailed(string receiver, Guid taskId, int tries, string reason);

    [LoggerMessage(EventId = 283, Level = LogLevel.Warning, Message = "Callback of task {TaskId} to {Receiver} given up after {Tries} tries: {Reason}")]
    private partial void LogGivenUp(string receiver, Guid taskId, int tries, string reason);

    [LoggerMessage(EventId = 284, Level = LogLevel.Warning, Message = "Callbacks rest: the store cannot be read or written. More of this is told every 10 s at most: {Why}")]
    private partial void LogStoreUnavailable(string why);

    [LoggerMessage(EventId = 285, Level = LogLevel.Error, Message = "Callbacks rest after an unexpected exception")]
    private partial void LogBroken(Exception exception);
}
