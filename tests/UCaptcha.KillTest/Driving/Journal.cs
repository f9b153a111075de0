using System.Collections.Concurrent;

namespace UCaptcha.KillTest.Driving;

/// <summary>Everything that clients sent and saw. The oracle compares it with what the store and the services say.</summary>
internal sealed class Journal
{
    private readonly ConcurrentDictionary<string, AcknowledgedTask> _tasks = new();
    private readonly ConcurrentDictionary<string, Seen> _ended = new();
    private readonly ConcurrentDictionary<string, bool> _badReports = new();
    private readonly ConcurrentDictionary<string, Payment> _payments = new();
    private TaskCompletionSource _nextAcknowledgement = New();
    private TaskCompletionSource _nextEnd = New();
    private int _submitted;
    private int _refused;
    private int _cuts;
    private int _postponed;
    private int _abandoned;
    private int _feedEntries;
    private int _repeats;

    public int Submitted => _submitted;

    /// <summary>Refused because a budget or a balance was used up.</summary>
    public int Refused => _refused;

    /// <summary>Calls that were cut.</summary>
    public int Cuts => _cuts;

    /// <summary>Calls that were refused for the moment.</summary>
    public int Postponed => _postponed;

    /// <summary>Submissions without a request id whose answer was lost.</summary>
    public int Abandoned => _abandoned;

    public int FeedEntries => _feedEntries;

    /// <summary>Request ids that were used again after a restart.</summary>
    public int Repeats => _repeats;

    /// <summary>What must never be answered, as it was answered.</summary>
    public ConcurrentQueue<string> Outrages { get; } = new();

    public IReadOnlyDictionary<string, AcknowledgedTask> Tasks => _tasks;

    /// <summary>Tasks whose solution a client called bad, and whether it was told that this is stored.</summary>
    public IReadOnlyDictionary<string, bool> BadReports => _badReports;

    /// <summary>What the bank paid in and took out, by reference.</summary>
    public IReadOnlyDictionary<string, Payment> Payments => _payments;

    /// <summary>Every callback that came.</summary>
    public ConcurrentQueue<Delivery> Deliveries { get; } = new();

    public Task NextAcknowledgement => Volatile.Read(ref _nextAcknowledgement).Task;

    public Task NextEnd => Volatile.Read(ref _nextEnd).Task;

    public void Submit() => Interlocked.Increment(ref _submitted);

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void Cut(CutException cut) => Interlocked.Increment(ref cut.Refused ? ref _postponed : ref _cuts);

    public void Abandon() => Interlocked.Increment(ref _abandoned);

    public void Repeat() => Interlocked.Increment(ref _repeats);

    public void ReportBad(string taskId, bool stored) => _badReports[taskId] = stored;

    /// <summary>What was booked stays booked, whatever a second call under the same reference is told.</summary>
    public void Pay(string reference, Payment payment) =>
        _payments.AddOrUpdate(reference, payment, (_, before) => before.Answer == PaymentAnswer.Booked ? before : payment);

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

/// <summary>Money that was paid in, or taken out when below zero.</summary>
/// <param name="AmountMicros">How much.</param>
/// <param name="Answer">What the bank was told.</param>
internal sealed record Payment(long AmountMicros, PaymentAnswer Answer);

/// <summary>What the server said of a payment.</summary>
internal enum PaymentAnswer
{
    /// <summary>Nothing yet.</summary>
    None,
    Booked,
    Refused,
}

/// <summary>A callback as it came in.</summary>
/// <param name="Marker">The site key of the task it is of.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Id">What the receiver tells repetitions by.</param>
/// <param name="Told">How the task ended.</param>
/// <param name="StoredState">The state of the task in the store at that moment, or null when the store could not be asked or has no such task.</param>
/// <param name="Taken">The receiver thanked for it.</param>
internal sealed record Delivery(string Marker, string TaskId, string Id, Seen Told, long? StoredState, bool Taken);
