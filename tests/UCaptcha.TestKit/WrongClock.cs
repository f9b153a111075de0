namespace UCaptcha.TestKit;

/// <summary>The system's clock, set wrong.</summary>
/// <param name="shift">How far it is ahead.</param>
public sealed class WrongClock(TimeSpan shift) : TimeProvider
{
    private long _shift = shift.Ticks;

    /// <summary>How far it is ahead.</summary>
    public TimeSpan Shift
    {
        get => new(Volatile.Read(ref _shift));
        set => Volatile.Write(ref _shift, value.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
