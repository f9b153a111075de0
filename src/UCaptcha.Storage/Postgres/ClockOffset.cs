namespace UCaptcha.Storage.Postgres;

/// <summary>How far the clock of this machine is from another one that was read over the network.</summary>
internal static class ClockOffset
{
    /// <summary>Ahead of the other one by at least so much, below zero behind, and zero when both may be the same.</summary>
    /// <param name="before">Here, when the other one was asked.</param>
    /// <param name="told">What it told.</param>
    /// <param name="after">Here, when the answer came.</param>
    public static TimeSpan Of(DateTimeOffset before, DateTimeOffset told, DateTimeOffset after)
    {
        if (told < before)
            return before - told;
        return told > after ? after - told : TimeSpan.Zero;
    }
}
