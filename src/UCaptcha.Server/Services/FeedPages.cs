using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Services;

/// <summary>
/// Reads pages of ended tasks for streams. An end wakes every stream of its key, and most of them are at the same place: they share one read. It
/// begins after the last of them asked, so that each gets what it was woken for. Safe for any thread.
/// </summary>
/// <param name="read">Reads the tasks of a key that ended behind a place.</param>
internal sealed class FeedPages(Func<long, long, ValueTask<FinishedPage>> read)
{
    private const int PageSize = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<(long KeyId, long After), Place> _places = [];

    /// <param name="store">Where the tasks are.</param>
    public FeedPages(ITaskStore store)
        : this((keyId, after) => store.ListFinishedAsync(keyId, after, PageSize, CancellationToken.None))
    {
    }

    /// <summary>The tasks of a key that ended behind a place in the commit order.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public Task<FinishedPage> ReadAsync(long keyId, long after, CancellationToken cancellationToken)
    {
        Task<FinishedPage> page;
        lock (_lock)
        {
            if (!_places.TryGetValue((keyId, after), out var place))
                _places[(keyId, after)] = place = new Place(keyId, after);
            // A read that is under way may have begun before the end that this caller was woken for.
            page = place.Next ??= BeginAsync(place);
        }

        return page.WaitAsync(cancellationToken);
    }

    private async Task<FinishedPage> BeginAsync(Place place)
    {
        // Those who are woken by the same bell come in the meantime.
        await Task.Yield();
        await place.Turn.WaitAsync();
        try
        {
            lock (_lock)
                place.Next = null;
            return await read(place.KeyId, place.After);
        }
        finally
        {
            place.Turn.Release();
            lock (_lock)
            {
                if (place.Next is null)
                    _places.Remove((place.KeyId, place.After));
            }
        }
    }

    private sealed class Place(long keyId, long after)
    {
        public long KeyId => keyId;

        public long After => after;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        /// <summary>The read that has not begun yet.</summary>
        public Task<FinishedPage>? Next { get; set; }
    }
}
