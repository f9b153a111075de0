using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Server.Services;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>Shows tasks with their attempts and decisions, and neither solutions nor proxies.</summary>
internal sealed class TaskDesk(ITaskStore tasks, ITaskArchive archive, TaskCatalogue catalogue, ContractJson json)
{
    /// <exception cref="RefusedException">The id cannot be read or there is no such task.</exception>
    public async Task<GetTaskResponse> GetAsync(string id, CancellationToken cancellationToken)
    {
        var parsed = Ids.Read("taskId", id);
        var task = await tasks.FindAsync(parsed, cancellationToken) ?? throw AdminRefusals.NotFound("taskId", "task, or its result has expired");
        var attempts = await tasks.ListAttemptsAsync(parsed, cancellationToken);
        return new GetTaskResponse { Task = Render(task), Attempts = { attempts.Select(Render) } };
    }

    /// <exception cref="RefusedException">The page cannot be had.</exception>
    public async Task<ListTasksResponse> ListAsync(ListTasksRequest request, CancellationToken cancellationToken)
    {
        var size = Paging.Size(request.PageSize);
        var filter = new TaskFilter
        {
            CustomerId = request.CustomerId == 0 ? null : request.CustomerId,
            KeyId = request.KeyId == 0 ? null : request.KeyId,
            State = AdminRefusals.Known("state", request.State) == AdminTaskState.Unspecified ? null : (TaskState)(request.State - 1),
            LostAttempts = request.LostAttempts,
            Since = request.Since.ToTime("since"),
            Until = request.Until.ToTime("until"),
        };
        var page = await archive.ListTasksAsync(filter, Paging.Id(request.PageToken), size, cancellationToken);
        return new ListTasksResponse { Tasks = { page.Select(Render) }, NextPageToken = Paging.Next(page, size, task => task.Id) };
    }

    private AdminTask Render(StoredTask task) => new()
    {
        Id = task.Id.ToString(),
        KeyId = task.KeyId,
        Family = task.Family,
        State = (AdminTaskState)(task.State + 1),
        TargetHost = HostOf(task),
        Dialect = task.Dialect,
        CreatedAt = task.CreatedAt.ToMessage(),
        Deadline = task.Deadline.ToMessage(),
        FinishedAt = task.FinishedAt.ToMessage(),
        ReservedMicros = task.Reserved.Micros,
        CostMicros = task.Cost.Micros,
        ErrorCode = task.ErrorCode ?? "",
        ErrorDescription = task.ErrorDescription ?? "",
        AttemptCount = task.Attempts,
    };

    private Attempt Render(StoredAttempt attempt) => new()
    {
        Number = attempt.Number,
        Account = attempt.Account,
        Kind = attempt.Kind,
        State = (V1.AttemptState)(attempt.State + 1),
        StartedAt = attempt.StartedAt.ToMessage(),
        SubmittedAt = attempt.SubmittedAt.ToMessage(),
        FinishedAt = attempt.FinishedAt.ToMessage(),
        UpstreamId = attempt.UpstreamId ?? "",
        ErrorCode = attempt.ErrorCode ?? "",
        ErrorClass = attempt.ErrorClass ?? "",
        CostMicros = attempt.CostMicros,
        Decision = json.ReadDecision(attempt.Decision),
    };

    private string HostOf(StoredTask task)
    {
        if (task.Request.IsEmpty)
            return "";
        try
        {
            return catalogue.Read(task.Request).PageHost ?? "";
        }
        catch (RefusedException)
        {
            // An earlier version accepted what this one does not.
            return "";
        }
    }
}
