using UCaptcha.Core.Keys;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>A task that a client asks for.</summary>
/// <param name="Key">Who asks.</param>
/// <param name="Json">The task object as UTF-8 JSON.</param>
/// <param name="Dialect">How the client sees the JSON surface; renders its callback.</param>
public sealed record NewTask(ApiKey Key, ReadOnlyMemory<byte> Json, string Dialect)
{
    /// <summary>Where to call back, or null.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>How to choose the account.</summary>
    public SelectionMode Mode { get; init; }

    /// <summary>The account or the kind of provider that must solve it, or null.</summary>
    public string? Provider { get; init; }

    /// <summary>Makes the call safe to repeat; at most 255 characters, or null.</summary>
    public string? RequestId { get; init; }
}
