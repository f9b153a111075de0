using UCaptcha.Core.Tasks.Engine;

namespace UCaptcha.Core.Notifications;

/// <summary>A task whose end was just committed.</summary>
/// <param name="KeyId">The key that created it.</param>
/// <param name="View">Its end.</param>
/// <param name="CallbackUrl">Where to call back, or null.</param>
/// <param name="Dialect">The dialect that renders the callback.</param>
public sealed record EndedTask(long KeyId, TaskView View, string? CallbackUrl, string Dialect);

/// <summary>Hears of the end of tasks, right after the commit. Must return at once and never throw.</summary>
public interface IEndedTaskListener
{
    /// <summary>A task ended.</summary>
    void OnEnded(EndedTask task);
}
