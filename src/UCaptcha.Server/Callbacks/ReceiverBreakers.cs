using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Callbacks;

/// <summary>
/// Lets a receiver rest that does not answer: after some silent tries in a row its callbacks wait, and one goes now and then to see whether it is back.
/// A status of any kind is an answer. Each key has its own view of a receiver, so that nobody can rest what others use. Every node learns by itself.
/// </summary>
internal sealed partial class ReceiverBreakers(TimeProvider time, ILogger<ReceiverBreakers> logger)
{
    /// <summary>So many silent tries in a row begin the rest.</summary>
    public const int SilentTries = 4;

    /// <summary>So many receivers are watched at most; one beyond is tried whenever its callbacks are due.</summary>
    public const int MostWatched = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<CallbackLane, Breaker> _breakers = [];

    /// <summary>How long each rest takes; the last one again and again.</summary>
    public static IReadOnlyList<TimeSpan> Rests { get; } =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5)];

    // About as long as the longest try. Were it longer than the rest behind a try that went to see, that one would be due before the others again.
    private static TimeSpan WhileOneSees => Rests[1];

    /// <summary>How many do not answer.</summary>
    public int Resting
    {
        get
        {
            lock (_gate)
                return _breakers.Values.Count(breaker => breaker.Rests > 0);
        }
    }

    /// <summary>Lanes whose receiver has not answered since before a moment.</summary>
    public IReadOnlyCollection<CallbackLane> RestingSince(DateTimeOffset moment)
    {
        lock (_gate)
            return [.. _breakers.Where(entry => entry.Value.Rests > 0 && entry.Value.Since < moment).Select(entry => entry.Key)];
    }

    /// <summary>Whether a callback may be tried now; if so, <see cref="End"/> must follow.</summary>
    public bool TryBegin(StoredCallback callback)
    {
        lock (_gate)
        {
            if (!_breakers.TryGetValue(callback.Lane, out var breaker) || breaker.Rests == 0)
                return true;
            if (breaker.IsClosed(time.GetUtcNow()))
                return false;
            breaker.Probe = callback.Id;
            return true;
        }
    }

    /// <summary>When the callbacks of a lane may be tried again: behind its rest, or when the one that went to see is likely to be back.</summary>
    public DateTimeOffset RestingUntil(CallbackLane lane)
    {
        var now = time.GetUtcNow();
        lock (_gate)
            return !_breakers.TryGetValue(lane, out var breaker) ? now : breaker.Probe is null ? breaker.Until : now + WhileOneSees;
    }

    /// <summary>The try ended, and the receiver answered, stayed silent, or was never asked (null).</summary>
    public void End(StoredCallback callback, bool? answered)
    {
        lock (_gate)
        {
            var breaker = _breakers.GetValueOrDefault(callback.Lane);
            var wasProbe = breaker?.Probe == callback.Id;
            if (wasProbe)
                breaker!.Probe = null;
            switch (answered)
            {
                case true when breaker is not null:
                    _breakers.Remove(callback.Lane);
                    if (breaker.Rests > 0)
                        LogBack(callback.Receiver, callback.KeyId);
                    break;
                case false:
                    Silent(callback, breaker, wasProbe);
                    break;
            }
        }
    }

    /// <summary>Has the receiver of a callback tried again now.</summary>
    public void Forget(StoredCallback callback)
    {
        lock (_gate)
            _breakers.Remove(callback.Lane);
    }

    private void Silent(StoredCallback callback, Breaker? breaker, bool wasProbe)
    {
        var now = time.GetUtcNow();
        if (breaker is null)
        {
            if (!HasRoom(now))
                return;
            _breakers.Add(callback.Lane, breaker = new Breaker());
        }

        breaker.Silent++;
        // Tries that were on their way when the rest began say nothing new.
        if (breaker.Rests == 0 ? breaker.Silent < SilentTries : !wasProbe)
            return;
        var rest = Rests[Math.Min(breaker.Rests, Rests.Count - 1)];
        breaker.Rests++;
        breaker.Until = now + rest;
        if (breaker.Rests > 1)
            return;
        breaker.Since = now;
        LogResting(callback.Receiver, callback.KeyId, rest);
    }

    private bool HasRoom(DateTimeOffset now)
    {
        if (_breakers.Count < MostWatched)
            return true;
        foreach (var (lane, _) in _breakers.Where(entry => !entry.Value.IsClosed(now)))
            _breakers.Remove(lane);
        return _breakers.Count < MostWatched;
    }

    [LoggerMessage(EventId = 290, Level = LogLevel.Warning, Message = "{Receiver} does not answer; the callbacks of key {KeyId} to it wait, at first for {Rest}")]
    private partial void LogResting(string receiver, long keyId, TimeSpan rest);

    [LoggerMessage(EventId = 291, Level = LogLevel.Information, Message = "{Receiver} answers again; the callbacks of key {KeyId} to it go on")]
    private partial void LogBack(string receiver, long keyId);

    private sealed class Breaker
    {
        public int Silent { get; set; }

        public int Rests { get; set; }

        public DateTimeOffset Until { get; set; }

        public DateTimeOffset Since { get; set; }

        public Guid? Probe { get; set; }

        public bool IsClosed(DateTimeOffset now) => Rests > 0 && (now < Until || Probe is not null);
    }
}
