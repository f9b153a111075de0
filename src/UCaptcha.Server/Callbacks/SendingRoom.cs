using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Callbacks;

/// <summary>
/// Bounds what is sent at a time: 256 callbacks in all, 8 to one receiver, 64 of one key. What finds no room waits in the store, so that a receiver that
/// is slow or gone, and a key with many of those, hold up nobody else.
/// </summary>
internal sealed class SendingRoom
{
    /// <summary>How many are sent at a time.</summary>
    public const int Most = 256;

    /// <summary>How many are sent to one receiver at a time.</summary>
    public const int MostPerReceiver = 2 * BatchPerReceiver;

    /// <summary>How many of one key are sent at a time.</summary>
    public const int MostPerKey = 2 * Batch;

    private const int Batch = 32;
    private const int BatchPerReceiver = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _receivers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _keys = [];
    private int _sending;

    /// <summary>Nothing is being sent.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _sending == 0;
        }
    }

    /// <summary>What there is room for, or null when there is none.</summary>
    /// <param name="now">The time.</param>
    /// <param name="until">When the claim is over.</param>
    public CallbackClaim? NextClaim(DateTimeOffset now, DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_sending > Most - Batch)
                return null;
            return new CallbackClaim(
                now, until, Batch, BatchPerReceiver, Busy(_receivers, MostPerReceiver - BatchPerReceiver), Busy(_keys, MostPerKey - Batch));
        }
    }

    /// <summary>A claimed callback is being sent from now on.</summary>
    public void Enter(StoredCallback callback)
    {
        lock (_gate)
        {
            _sending++;
            _receivers[callback.Receiver] = _receivers.GetValueOrDefault(callback.Receiver) + 1;
            _keys[callback.KeyId] = _keys.GetValueOrDefault(callback.KeyId) + 1;
        }
    }

    /// <summary>It is no longer being sent.</summary>
    public void Leave(StoredCallback callback)
    {
        lock (_gate)
        {
            _sending--;
            LeaveOne(_receivers, callback.Receiver);
            LeaveOne(_keys, callback.KeyId);
        }
    }

    private static List<T> Busy<T>(Dictionary<T, int> sending, int most)
        where T : notnull => [.. sending.Where(entry => entry.Value > most).Select(entry => entry.Key)];

    private static void LeaveOne<T>(Dictionary<T, int> sending, T of)
        where T : notnull
    {
        if (--sending[of] == 0)
            sending.Remove(of);
    }
}
