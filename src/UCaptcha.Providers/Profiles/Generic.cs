namespace UCaptcha.Providers.Profiles;

/// <summary>Any service that speaks the createTask API: tasks go to it as the client wrote them.</summary>
internal static class Generic
{
    public static ProviderProfile Profile { get; } = new() { Kind = "generic", PassesThrough = true };
}
