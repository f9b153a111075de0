using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Keys;
using UCaptcha.Server.Network;
using UCaptcha.V1;

namespace UCaptcha.Server.Services;

/// <summary>The contract's methods: each finds the key, asks the domain and renders its answer. It knows no HTTP.</summary>
internal sealed class CaptchaServiceHandler(
    KeyAuthentication keys, TaskEngine engine, BalanceDesk balances, TaskMessages messages, NewTaskReader reader, TaskFeed feed)
    : CaptchaService.CaptchaServiceBase
{
    private const int DefaultWaitMs = 60_000;
    private const int LongestWaitMs = 180_000;
    private const int LongestFeedbackCode = 64;
    private const int LongestFeedbackMessage = 1024;
    private const string Reported = "success";

    /// <inheritdoc/>
    public override async Task<CreateTaskResponse> CreateTask(CreateTaskRequest request, ServerCallContext context)
    {
        var key = keys.Authenticate(request.ClientKey, context, out var options);
        options.AddTo(request.Task);
        var task = reader.Read(key, request.Task, request.CallbackUrl, request.SelectionMode, request.Provider, request.RequestId, context);
        return messages.Created(await engine.CreateAsync(task, context.CancellationToken));
    }

    /// <inheritdoc/>
    public override async Task<GetTaskResultResponse> GetTaskResult(GetTaskResultRequest request, ServerCallContext context)
    {
        var key = keys.Authenticate(request.ClientKey, context);
        var view = await engine.Views.GetAsync(key, TaskReference.Parse(request.TaskId), context.CancellationToken);
        return messages.Result(view, CallerAddress.Of(context));
    }

    /// <inheritdoc/>
    public override async Task<GetBalanceResponse> GetBalance(GetBalanceRequest request, ServerCallContext context)
    {
        var key = keys.Authenticate(request.ClientKey, context);
        return new GetBalanceResponse { Balance = (await balances.BalanceOfAsync(key, context.CancellationToken)).ToDouble() };
    }

    /// <inheritdoc/>
    public override async Task<FeedbackTaskResponse> FeedbackTask(FeedbackTaskRequest request, ServerCallContext context)
    {
        var key = keys.Authenticate(request.ClientKey, context);
        var reference = TaskReference.Parse(request.TaskId);
        if (request.Result is not { } result)
            throw new RefusedException(ErrorCodes.BadParameters, "result is missing.", "result");
        if (!result.HasInvalid)
            throw new RefusedException(ErrorCodes.BadParameters, "result.invalid is missing.", "result.invalid");
        if (result.Code.Length > LongestFeedbackCode || result.Code.Any(char.IsControl))
            throw new RefusedException(ErrorCodes.BadParameters, "result.code must have at most 64 characters, none of them a control character.", "result.code");
        if (result.Message.Length > LongestFeedbackMessage || result.Message.Contains('\0'))
            throw new RefusedException(ErrorCodes.BadParameters, "result.message must have at most 1024 characters, none of them U+0000.", "result.message");
        await engine.GiveFeedbackAsync(key, reference, result.Invalid, result.Code, result.Message, context.CancellationToken);
        return new FeedbackTaskResponse { Message = "Feedback recorded" };
    }

    /// <inheritdoc/>
    public override async Task<SolveTaskResponse> SolveTask(SolveTaskRequest request, ServerCallContext context)
    {
        var key = keys.Authenticate(request.ClientKey, context, out var options);
        var waitMs = request.HasWaitMs ? request.WaitMs : DefaultWaitMs;
        if (waitMs is < 1 or > LongestWaitMs)
            throw new RefusedException(ErrorCodes.BadParameters, "waitMs must be between 1 and 180000.", "waitMs");
        options.AddTo(request.Task);
        var task = reader.Read(key, request.Task, request.CallbackUrl, request.SelectionMode, request.Provider, request.RequestId, context);
        var view = await engine.CreateAsync(task, context.CancellationToken);
        if (!view.Ended)
            view = await engine.Views.WaitAsync(key, view.Id, TimeSpan.FromMilliseconds(waitMs), context.CancellationToken);
        return messages.Solved(view, CallerAddress.Of(context));
    }

    /// <inheritdoc/>
    public override async Task<ReportIncorrectResponse> ReportIncorrect(ReportIncorrectRequest request, ServerCallContext context)
    {
        await ReportAsync(request.ClientKey, request.TaskId, invalid: true, context);
        return new ReportIncorrectResponse { Status = Reported };
    }

    /// <inheritdoc/>
    public override async Task<ReportCorrectResponse> ReportCorrect(ReportCorrectRequest request, ServerCallContext context)
    {
        await ReportAsync(request.ClientKey, request.TaskId, invalid: false, context);
        return new ReportCorrectResponse { Status = Reported };
    }

    /// <inheritdoc/>
    public override Task<TestResponse> Test(TestRequest request, ServerCallContext context)
    {
        keys.Authenticate(request.ClientKey, context);
        var key = request.ClientKey.Length > 0 ? request.ClientKey : context.RequestHeaders.GetValue(KeyAuthentication.HeaderName)!;
        return Task.FromResult(new TestResponse { Request = RequestMirror.Of(request.Members, key) });
    }

    /// <inheritdoc/>
    public override async Task WatchTask(WatchTaskRequest request, IServerStreamWriter<WatchTaskResponse> responseStream, ServerCallContext context)
    {
        var key = keys.Authenticate(request.ClientKey, context);
        var reference = TaskReference.Parse(request.TaskId);
        await foreach (var view in engine.Views.WatchAsync(key, reference, context.CancellationToken))
        {
            keys.Confirm(key, request.ClientKey, context);
            await responseStream.WriteAsync(messages.Watched(view), context.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async Task WatchTasks(WatchTasksRequest request, IServerStreamWriter<WatchTasksResponse> responseStream, ServerCallContext context)
    {
        var key = keys.Authenticate(request.ClientKey, context);
        await foreach (var message in feed.FollowAsync(key, request, context.CancellationToken))
        {
            keys.Confirm(key, request.ClientKey, context);
            await responseStream.WriteAsync(message, context.CancellationToken);
        }
    }

    private async Task ReportAsync(string clientKey, string taskId, bool invalid, ServerCallContext context)
    {
        var key = keys.Authenticate(clientKey, context);
        await engine.GiveFeedbackAsync(key, TaskReference.Parse(taskId), invalid, "", "", context.CancellationToken);
    }
}
