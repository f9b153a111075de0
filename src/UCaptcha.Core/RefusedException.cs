namespace UCaptcha.Core;

/// <summary>A call is refused for a reason the caller can act on. Nothing was stored or charged.</summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="description">A sentence for a person; names the field, never a secret.</param>
/// <param name="field">The JSON name of the field at fault, such as <c>task.websiteURL</c>, or null.</param>
/// <param name="retryAfter">When to try again, or null when repeating does not help.</param>
public sealed class RefusedException(string code, string description, string? field = null, TimeSpan? retryAfter = null)
    : Exception(description)
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>The JSON name of the field at fault, or null.</summary>
    public string? Field { get; } = field;

    /// <summary>When to try again, or null when repeating does not help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
