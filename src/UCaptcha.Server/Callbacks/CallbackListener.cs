using UCaptcha.Core.Notifications;
using UCaptcha.Core.Tasks.Engine;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Server.Callbacks;

/// <summary>Hands the ends of tasks with a callback to the sender, in the native form.</summary>
internal sealed class CallbackListener(CallbackSender sender) : IEndedTaskListener
{
    public void OnEnded(EndedTask task)
    {
        if (task.CallbackUrl is { } url)
            sender.Enqueue(url, task.View.Id, task.View.Status == TaskStatus.Ready, CodeOf(task.View));
    }

    private static string? CodeOf(TaskView view) => view.Status == TaskStatus.Ready ? SolutionCode.Of(view.Solution.Span) : null;
}
