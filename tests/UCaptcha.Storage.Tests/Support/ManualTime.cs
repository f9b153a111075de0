namespace UCaptcha.Storage.Tests.Support;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = Make.Start;

    public override DateTimeOffset GetUtcNow() => Now;
}
