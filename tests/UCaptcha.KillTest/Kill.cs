using UCaptcha.KillTest.Judging;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.KillTest;

/// <summary>When a server dies.</summary>
internal enum Moment
{
    /// <summary>Any.</summary>
    Whenever,

    /// <summary>Within milliseconds of an acknowledgement.</summary>
    RightAfterAcknowledgement,

    /// <summary>Within milliseconds of an end that a client saw.</summary>
    RightAfterEnd,

    /// <summary>While it starts: a second death soon after the first.</summary>
    WhileStarting,
}

/// <summary>How it dies.</summary>
public enum Death
{
    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>SIGSTOP for longer than a lease, then SIGCONT: it comes back and does not know that it was gone.</summary>
    Freeze,

    /// <summary>SIGTERM, as in a rolling restart.</summary>
    Stop,

    /// <summary>Not the server but the database: stopped as a crash does, and started again.</summary>
    Database,

    /// <summary>The database is halted with its connections open, for up to five leases, and goes on.</summary>
    Hang,

    /// <summary>The database crashes and never comes back; its standby is promoted.</summary>
    Failover,
}

/// <summary>One death and what followed.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Death">How.</param>
/// <param name="Moment">How its moment was chosen.</param>
/// <param name="At">When it was.</param>
internal sealed record Kill(int Number, Death Death, Moment Moment, DateTimeOffset At)
{
    /// <summary>Until what died answered again.</summary>
    public TimeSpan Down { get; set; }

    /// <summary>From when the database answered again until a task was accepted; null when it was a node that died, or none was.</summary>
    public TimeSpan? Resumed { get; set; }

    /// <summary>Whether it was the database that died, and no node.</summary>
    public bool OfDatabase => IsOfDatabase(Death);

    /// <summary>The number in the database of the node that died, or null.</summary>
    public long? Node { get; init; }

    /// <summary>Whether it is the database that dies so.</summary>
    public static bool IsOfDatabase(Death death) => death is Death.Database or Death.Hang or Death.Failover;

    /// <summary>Until other nodes had all tasks of the one that died, by the database's clock; null when it had none, or came back in time.</summary>
    public TimeSpan? TakenOverIn(IEnumerable<Takeover> takeovers) => takeovers.FirstOrDefault(takeover => takeover.Node == Node)?.At - At.UtcDateTime;

    /// <summary>Until the last task that was under way had ended, by the store's own times; the longest time when it has not.</summary>
    public TimeSpan RecoveredIn(StoreRecord store) => LastIn(store) is not { } last ? TimeSpan.Zero
        : last.FinishedAt is { } at ? TimeSpan.FromMilliseconds(at - At.ToUnixTimeMilliseconds())
        : TimeSpan.MaxValue;

    /// <summary>The task that was under way and ended last, or null when there was none.</summary>
    public TaskRow? LastIn(StoreRecord store)
    {
        var at = At.ToUnixTimeMilliseconds();
        return store.Tasks.Where(task => task.CreatedAt < at && !(task.FinishedAt < at)).MaxBy(task => task.FinishedAt ?? long.MaxValue);
    }
}
