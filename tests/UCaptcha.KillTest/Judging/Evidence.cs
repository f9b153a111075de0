using UCaptcha.KillTest.Driving;

namespace UCaptcha.KillTest.Judging;

/// <summary>All that is known of a run when it is over.</summary>
internal sealed record Evidence
{
    /// <summary>What the database says.</summary>
    public required StoreRecord Store { get; init; }

    /// <summary>What the services say that they took.</summary>
    public required IReadOnlyList<UpstreamTask> Upstream { get; init; }

    /// <summary>What was answered that must never be.</summary>
    public required IReadOnlyList<string> Outrages { get; init; }

    /// <summary>The tasks that clients were told are accepted, and the ends that they saw.</summary>
    public required IReadOnlyDictionary<string, ToldTask> Tasks { get; init; }

    /// <summary>Tasks whose solution a client called bad, and whether it was told that this is stored.</summary>
    public required IReadOnlyDictionary<string, bool> BadReports { get; init; }

    /// <summary>What the bank paid in and took out, by reference.</summary>
    public required IReadOnlyDictionary<string, Payment> Payments { get; init; }

    /// <summary>The callbacks that came, in order.</summary>
    public required IReadOnlyList<Delivery> Deliveries { get; init; }

    /// <summary>What the streams of all ends told.</summary>
    public required IReadOnlyList<FeedRecord> Feeds { get; init; }

    /// <summary>Every broken promise in a sentence; none when all hold.</summary>
    public IReadOnlyList<string> Judge() =>
        [.. Outrages, .. Oracle.Judge(Store, Upstream), .. Witnesses.Hear(this), .. Post.Trace(Store, Deliveries), .. Cashbook.Compare(this)];
}

/// <summary>A task that a client was told is accepted.</summary>
/// <param name="Marker">The site key in it.</param>
/// <param name="Ends">The ends that clients saw, and which client.</param>
internal sealed record ToldTask(string Marker, IReadOnlyList<(string By, Seen State)> Ends);

/// <summary>What one stream of all ends of a key told.</summary>
/// <param name="Key">The key's name.</param>
/// <param name="Name">Of the stream.</param>
/// <param name="Entries">In the order in which they were told.</param>
internal sealed record FeedRecord(string Key, string Name, IReadOnlyList<(long Cursor, string TaskId, Seen State)> Entries);
