
namespace UCaptcha.Server.Callbacks;

// The URL is the customer's secret and its query holds the solution: host and task id are all that is said.
internal sealed partial class CallbackSender
{
    [LoggerMessage(1, LogLevel.Debug, "Callback of task {TaskId} delivered to {Receiver} at try {Tries}")]
    private partial void LogDelivered(string receiver, Guid taskId, int tries);

    [LoggerMessage(2, LogLevel.Debug, "Callback of task {TaskId} to {Receiver} failed at try {Tries}: {Reason}")]
    private partial void LogFailed(string receiver, Guid taskId, int tries, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Callback of task {TaskId} to {Receiver} given up after {Tries} tries: {Reason}")]
    private partial void LogGivenUp(string receiver, Guid taskId, int tries, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Callback of task {TaskId} to {Receiver} dropped: too many are under way")]
    private partial void LogOverflow(string receiver, Guid taskId);

    [LoggerMessage(5, LogLevel.Warning, "Callback of task {TaskId} dropped: its URL cannot be used")]
    private partial void LogUnusable(Guid taskId);

    [LoggerMessage(6, LogLevel.Warning, "Stopped with {Count} callbacks undelivered")]
    private partial void LogAbandoned(int count);
}
