namespace UCaptcha.Server.Callbacks;

// The URL is the customer's secret and its query holds the solution: host and task id are all that is said.
internal sealed partial class CallbackSender
{
    [LoggerMessage(1, LogLevel.Debug, "Callback of task {TaskId} delivered to {Receiver} at try {Tries}: {Reason}")]
    private partial void LogDelivered(string receiver, Guid taskId, int tries, string reason);

    [LoggerMessage(2, LogLevel.Debug, "Callback of task {TaskId} to {Receiver} failed at try {Tries}: {Reason}")]
    private partial void LogFailed(string receiver, Guid taskId, int tries, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Callback of task {TaskId} to {Receiver} given up after {Tries} tries: {Reason}")]
    private partial void LogGivenUp(string receiver, Guid taskId, int tries, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Callbacks rest: the store cannot be read or written")]
    private partial void LogStoreUnavailable(Exception exception);

    [LoggerMessage(5, LogLevel.Error, "Callbacks rest after an unexpected exception")]
    private partial void LogBroken(Exception exception);
}
