namespace UCaptcha.Core.Notifications;

/// <summary>Wakes those who follow the tasks of a key. It holds no task: the store's commit order is the truth, this is the bell.</summary>
public sealed class KeyFeed : IEndedTaskListener
{
    private readonly BellBoard<long> _bells = new();

    /// <inheritdoc/>
    public void OnEnded(EndedTask task) => _bells.Ring(task.KeyId);

    /// <summary>A task of the key ended at another node.</summary>
    public void Ring(long keyId) => _bells.Ring(keyId);

    /// <summary>Tasks may have ended that nobody told of: everyone looks.</summary>
    public void RingAll() => _bells.RingAll();

    /// <summary>Begins to listen to a key; dispose to stop. Its next task completes at the next end of a task of the key.</summary>
    public BellBoard<long>.Subscription Subscribe(long keyId) => _bells.Subscribe(keyId);
}
