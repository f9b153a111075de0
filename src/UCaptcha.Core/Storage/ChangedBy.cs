namespace UCaptcha.Core.Storage;

/// <summary>Who changes something, and when. Goes into the audit log in the transaction of the change.</summary>
/// <param name="Actor">The name of an admin key, or <c>system</c>; never a secret.</param>
/// <param name="At">Now.</param>
public sealed record ChangedBy(string Actor, DateTimeOffset At)
{
    /// <summary>The address that the call came from; null for what no caller asked for.</summary>
    public string? Address { get; init; }
}
