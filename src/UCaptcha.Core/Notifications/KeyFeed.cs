using System.Collections.Concurrent;

namespace UCaptcha.Core.Notifications;

/// <summary>Wakes those who follow the tasks of a key. It holds no task: the store's commit order is the truth, this is the bell.</summary>
public sealed class KeyFeed : IEndedTaskListener
{
    private readonly ConcurrentDictionary<long, Bell> _bells = new();

    /// <inheritdoc/>
    public void OnEnded(EndedTask task)
    {
        if (_bells.TryGetValue(task.KeyId, out var bell))
            bell.Ring();
    }

    /// <summary>Begins to listen to a key; dispose to stop.</summary>
    public Subscription Subscribe(long keyId)
    {
        while (true)
        {
            var bell = _bells.GetOrAdd(keyId, static _ => new Bell());
            if (bell.TryAddListener())
                return new Subscription(this, keyId, bell);
            // The last listener has just left this bell and removes it; a new one takes its place.
            _bells.TryRemove(KeyValuePair.Create(keyId, bell));
        }
    }

    private void Unsubscribe(long keyId, Bell bell)
    {
        if (bell.RemoveListener())
            _bells.TryRemove(KeyValuePair.Create(keyId, bell));
    }

    /// <summary>One listener to a key.</summary>
    public sealed class Subscription : IDisposable
    {
        private readonly KeyFeed _feed;
        private readonly long _keyId;
        private readonly Bell _bell;

        internal Subscription(KeyFeed feed, long keyId, Bell bell) => (_feed, _keyId, _bell) = (feed, keyId, bell);

        /// <summary>Completes at the next end of a task of the key. Take it before reading the store, so that no end falls between.</summary>
        public Task Next => _bell.Next;

        /// <inheritdoc/>
        public void Dispose() => _feed.Unsubscribe(_keyId, _bell);
    }

    internal sealed class Bell
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _next = New();
        private int _listeners;

        public Task Next
        {
            get
            {
                lock (_lock)
                    return _next.Task;
            }
        }

        public void Ring()
        {
            TaskCompletionSource rung;
            lock (_lock)
                (rung, _next) = (_next, New());
            rung.SetResult();
        }

        public bool TryAddListener()
        {
            lock (_lock)
            {
                if (_listeners < 0)
                    return false;
                _listeners++;
                return true;
            }
        }

        public bool RemoveListener()
        {
            lock (_lock)
            {
                if (--_listeners > 0)
                    return false;
                _listeners = -1;
                return true;
            }
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
