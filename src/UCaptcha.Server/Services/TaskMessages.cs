using System.Globalization;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.V1;
using Standing = UCaptcha.Core.Tasks.Engine.TaskStatus;
using TaskStatus = UCaptcha.V1.TaskStatus;

namespace UCaptcha.Server.Services;

/// <summary>Renders what the domain says of a task as the messages of the contract.</summary>
internal sealed class TaskMessages(ContractJson json)
{
    public CreateTaskResponse Created(TaskView view) => Fill(new CreateTaskResponse { TaskId = view.Id.ToString() }, view);

    /// <param name="view">The task.</param>
    /// <param name="caller">The address of the caller.</param>
    public SolveTaskResponse Solved(TaskView view, string caller)
    {
        var message = Fill(new SolveTaskResponse { TaskId = view.Id.ToString() }, view);
        message.Facts.CallerAddress = caller;
        return message;
    }

    public WatchTaskResponse Watched(TaskView view) =>
        Fill(new WatchTaskResponse { TaskId = view.Id.ToString(), Attempt = view.Attempt }, view);

    public WatchTasksResponse Ended(TaskView view) =>
        Fill(new WatchTasksResponse { TaskId = view.Id.ToString(), Cursor = CursorOf(view.Sequence) }, view);

    /// <param name="view">The task.</param>
    /// <param name="caller">The address of the caller, or empty where nobody called.</param>
    public GetTaskResultResponse Result(TaskView view, string caller = "")
    {
        var message = Fill(new GetTaskResultResponse(), view);
        message.Facts.CallerAddress = caller;
        if (view.Status == Standing.Ready)
            message.TaskId = view.Id.ToString();
        return message;
    }

    public static string CursorOf(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    private T Fill<T>(T message, TaskView view)
        where T : ITaskOutcome
    {
        message.Facts = new TaskFacts
        {
            ShortId = view.ShortId,
            CreateTime = view.CreatedAt.ToUnixTimeSeconds(),
            EndTime = view.EndedAt?.ToUnixTimeSeconds() ?? 0,
            SolveCount = view.Attempt,
        };
        switch (view.Status)
        {
            case Standing.Ready:
                message.Status = TaskStatus.Ready;
                // Of a purged result only the end is known, to a repeated request.
                if (!view.Solution.IsEmpty)
                    message.Solution = json.ReadSolution(view.Solution);
                message.Cost = view.Cost.ToDouble();
                message.SolveTime = (long)view.SolveTime.TotalMilliseconds;
                break;
            case Standing.Failed:
                message.Status = TaskStatus.Failed;
                message.ErrorCode = view.ErrorCode ?? "";
                message.ErrorDescription = view.ErrorDescription ?? "";
                break;
            default:
                message.Status = TaskStatus.Processing;
                break;
        }

        return message;
    }
}
