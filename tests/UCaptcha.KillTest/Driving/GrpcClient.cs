using System.Runtime.CompilerServices;
using Google.Rpc;
using Grpc.Core;
using UCaptcha.V1;
using TaskStatus = UCaptcha.V1.TaskStatus;

namespace UCaptcha.KillTest.Driving;

/// <summary>Speaks gRPC.</summary>
internal sealed class GrpcClient(CaptchaService.CaptchaServiceClient client) : ICaptchaClient
{
    private const string Unavailable = "ERROR_SERVICE_NOT_AVAILABLE";
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(20);

    public async Task<string> CreateAsync(Submission submission, CancellationToken cancellationToken)
    {
        var request = new CreateTaskRequest
        {
            ClientKey = submission.Key.Text,
            Task = new CaptchaTask { Type = Submission.TaskType, WebsiteUrl = Submission.Page, WebsiteKey = submission.Marker },
            RequestId = submission.RequestId ?? "",
            CallbackUrl = submission.CallbackUrl ?? "",
        };
        return (await CuttableAsync(() => client.CreateTaskAsync(request, deadline: Deadline(), cancellationToken: cancellationToken).ResponseAsync, cancellationToken)).TaskId;
    }

    public async Task<Seen> ResultAsync(string key, string taskId, CancellationToken cancellationToken)
    {
        var request = new GetTaskResultRequest { ClientKey = key, TaskId = taskId };
        var answer = await CuttableAsync(() => client.GetTaskResultAsync(request, deadline: Deadline(), cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
        return StateOf(answer.Status, answer.Solution, answer.ErrorCode);
    }

    public async IAsyncEnumerable<Seen> WatchAsync(string key, string taskId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.WatchTask(new WatchTaskRequest { ClientKey = key, TaskId = taskId }, cancellationToken: cancellationToken);
        while (await CuttableAsync(() => call.ResponseStream.MoveNext(cancellationToken), cancellationToken))
            yield return StateOf(call.ResponseStream.Current.Status, call.ResponseStream.Current.Solution, call.ResponseStream.Current.ErrorCode);
    }

    public async IAsyncEnumerable<FeedEntry> FollowAsync(string key, string cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.WatchTasks(new WatchTasksRequest { ClientKey = key, Cursor = cursor }, cancellationToken: cancellationToken);
        while (await CuttableAsync(() => call.ResponseStream.MoveNext(cancellationToken), cancellationToken))
        {
            var message = call.ResponseStream.Current;
            yield return message.HasTaskId
                ? new FeedEntry(message.Cursor, message.TaskId, StateOf(message.Status, message.Solution, message.ErrorCode))
                : new FeedEntry(message.Cursor, null, default);
        }
    }

    public Task ReportBadAsync(string key, string taskId, CancellationToken cancellationToken)
    {
        var request = new FeedbackTaskRequest { ClientKey = key, TaskId = taskId, Result = new FeedbackResult { Invalid = true } };
        return CuttableAsync(() => client.FeedbackTaskAsync(request, deadline: Deadline(), cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
    }

    private static DateTime Deadline() => DateTime.UtcNow + LongestCall;

    private static Seen StateOf(TaskStatus status, Solution? solution, string errorCode) => status switch
    {
        TaskStatus.Ready => new Seen("ready", solution!.GRecaptchaResponse),
        TaskStatus.Failed => new Seen("failed", errorCode),
        _ => new Seen("processing", ""),
    };

    private static async Task<T> CuttableAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw CodeOf(exception) is { } code && code != Unavailable
                ? new RefusalException(code, exception.Status.Detail)
                : new CutException(exception.Status.Detail, refused: CodeOf(exception) == Unavailable);
        }
    }

    /// <summary>What the server itself said; null when the connection said it.</summary>
    private static string? CodeOf(RpcException exception)
    {
        if (exception.Trailers.GetValueBytes("grpc-status-details-bin") is not { } details)
            return null;
        foreach (var detail in Google.Rpc.Status.Parser.ParseFrom(details).Details)
        {
            if (detail.TryUnpack<ErrorInfo>(out var info))
                return info.Type;
        }

        return null;
    }
}
