using System.Text;
using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Transcoding.Codec;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>Shows tasks with their attempts and decisions, and neither solutions nor proxies.</summary>
internal sealed class TaskDesk(ITaskStore tasks, TaskCatalogue catalogue, ProtoJsonCodec codec)
{
    /// <exception cref="RefusedException">The id cannot be read or there is no such task.</exception>
    public async Task<GetTaskResponse> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var parsed))
            throw AdminRefusals.Bad("taskId", "taskId must be a UUID.");
        var task = await tasks.FindAsync(parsed, cancellationToken) ?? throw AdminRefusals.NotFound("taskId", "task, or its result has expired");
        var attempts = await tasks.ListAttemptsAsync(parsed, cancellationToken);
        return new GetTaskResponse { Task = Render(task), Attempts = { attempts.Select(Render) } };
    }

    public AdminTask Render(StoredTask task) => new()
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
        Decision = codec.Read<RoutingDecision>(Encoding.UTF8.GetBytes(attempt.Decision)),
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
