using System.Collections.Concurrent;

namespace UCaptcha.KillTest.Driving;

/// <summary>Everything that clients sent and saw. The oracle compares it with what the store and the services say.</summary>
internal sealed class Journal
{
    private readonly ConcurrentDictionary<string, AcknowledgedTask> _tasks = new();
    private readonly ConcurrentDictionary<string, Seen> _ended = new();
    private TaskCompletionSource _nextAcknowledgement = New();
    private TaskCompletionSource _nextEnd = New();
    private int _submitted;
    private int _refused;
    private int _cuts;
    private int _abandoned;
    private int _feedEntries;

    public int Submitted => _submitted;

    /// <summary>Refused because a budget was used up.</summary>
    public int Refused => _refused;

    /// <summary>Calls that were cut or refused for the moment.</summary>
    public int Cuts => _cuts;

    /// <summary>Submissions without a request id whose answer was lost.</summary>
    public int Abandoned => _abandoned;

    public int FeedEntries => _feedEntries;

    /// <summary>What must never be answered, as it was answered.</summary>
    public ConcurrentQueue<string> Outrages { get; } = new();

    public IReadOnlyDictionary<string, AcknowledgedTask> Tasks => _tasks;

    public Task NextAcknowledgement => Volatile.Read(ref _nextAcknowledgement).Task;

    public Task NextEnd => Volatile.Read(ref _nextEnd).Task;

    public void Submit() => Interlocked.Increment(ref _submitted);

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void Cut() => Interlocked.Increment(ref _cuts);

    public void Abandon() => Interlocked.Increment(ref _abandoned);

    public void Acknowledge(string taskId, Submission submission)
    {
        var task = _tasks.GetOrAdd(taskId, static (_, submission) => new AcknowledgedTask(submission), submission);
        if (task.Submission != submission)
            Outrages.Enqueue($"task {taskId} answers both {task.Submission.Marker} and {submission.Marker}");
        // A task whose first answer was lost may have ended before it is acknowledged.
        if (_ended.ContainsKey(taskId))
            task.HasEnded = true;
        Ring(ref _nextAcknowledgement);
    }

    /// <summary>A client saw the end of a task.</summary>
    public void See(string taskId, Seen end, string by)
    {
        _ended[taskId] = end;
        if (!_tasks.TryGetValue(taskId, out var task))
            return;
        task.Ends.Enqueue((by, end));
        task.HasEnded = true;
        Ring(ref _nextEnd);
    }

    public void SeeInFeed(string taskId, Seen end, string by)
    {
        Interlocked.Increment(ref _feedEntries);
        See(taskId, end, by);
    }

    /// <summary>Tasks whose end nobody has seen yet.</summary>
    public IReadOnlyList<AcknowledgedTask> Open() => [.. _tasks.Values.Where(task => !task.HasEnded)];

    private static void Ring(ref TaskCompletionSource bell) => Interlocked.Exchange(ref bell, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A task that a client was told is accepted.</summary>
internal sealed class AcknowledgedTask(Submission submission)
{
    public Submission Submission { get; } = submission;

    public ConcurrentQueue<(string By, Seen State)> Ends { get; } = new();

    public bool HasEnded { get; set; }
}
