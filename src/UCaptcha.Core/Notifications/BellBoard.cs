using System.Collections.Concurrent;

namespace UCaptcha.Core.Notifications;

/// <summary>A bell for each thing that somebody waits for, for as long as somebody does. Ringing one that nobody listens to does nothing.</summary>
/// <typeparam name="TKey">What is waited for.</typeparam>
public sealed class BellBoard<TKey>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Bell> _bells = new();

    /// <summary>Wakes those who wait for this.</summary>
    public void Ring(TKey key)
    {
        if (_bells.TryGetValue(key, out var bell))
            bell.Ring();
    }

    /// <summary>Wakes everyone.</summary>
    public void RingAll()
    {
        foreach (var (_, bell) in _bells)
            bell.Ring();
    }

    /// <summary>Begins to listen; dispose to stop.</summary>
    public Subscription Subscribe(TKey key)
    {
        while (true)
        {
            var bell = _bells.GetOrAdd(key, static _ => new Bell());
            if (bell.TryAddListener() is > 0 and var listeners)
                return new Subscription(this, key, bell) { Listeners = listeners };
            // The last listener has just left this bell and removes it; a new one takes its place.
            _bells.TryRemove(KeyValuePair.Create(key, bell));
        }
    }

    private void Unsubscribe(TKey key, Bell bell)
    {
        if (bell.RemoveListener())
            _bells.TryRemove(KeyValuePair.Create(key, bell));
    }

    /// <summary>One listener.</summary>
    public sealed class Subscription : IDisposable
    {
        private readonly BellBoard<TKey> _board;
        private readonly TKey _key;
        private readonly Bell _bell;

        internal Subscription(BellBoard<TKey> board, TKey key, Bell bell) => (_board, _key, _bell) = (board, key, bell);

        /// <summary>How many listened when this one had begun to, itself included.</summary>
        public int Listeners { get; internal init; }

        /// <summary>Completes at the next ring. Take it before looking at what is waited for, so that nothing falls between.</summary>
        public Task Next => _bell.Next;

        /// <inheritdoc/>
        public void Dispose() => _board.Unsubscribe(_key, _bell);
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

        /// <summary>How many there are then; none when the last one has just left.</summary>
        public int TryAddListener()
        {
            lock (_lock)
                return _listeners < 0 ? 0 : ++_listeners;
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
