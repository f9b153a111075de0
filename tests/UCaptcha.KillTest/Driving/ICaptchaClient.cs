namespace UCaptcha.KillTest.Driving;

/// <summary>A client as customers write it. Every method throws <see cref="CutException"/> or <see cref="RefusalException"/>.</summary>
internal interface ICaptchaClient
{
    /// <summary>Submits a task and returns its id.</summary>
    Task<string> CreateAsync(Submission submission, CancellationToken cancellationToken);

    /// <summary>The present state.</summary>
    Task<Seen> ResultAsync(string key, string taskId, CancellationToken cancellationToken);

    /// <summary>The states up to the end, or a cut.</summary>
    IAsyncEnumerable<Seen> WatchAsync(string key, string taskId, CancellationToken cancellationToken);

    /// <summary>Calls a solution bad.</summary>
    Task ReportBadAsync(string key, string taskId, CancellationToken cancellationToken);

    /// <summary>The ends of all tasks of a key behind a cursor, until a cut.</summary>
    IAsyncEnumerable<FeedEntry> FollowAsync(string key, string cursor, CancellationToken cancellationToken);
}
