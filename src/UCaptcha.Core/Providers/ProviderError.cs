namespace UCaptcha.Core.Providers;

/// <summary>An upstream error after classification.</summary>
/// <param name="Class">What it means for the task and the account.</param>
/// <param name="Code">The provider's code, or one of ours when there was none, such as <c>HTTP_502</c> or <c>CONNECTION_REFUSED</c>.</param>
/// <param name="Description">The provider's sentence, cut to 300 characters; never shown to a client when the class is <see cref="ErrorClass.Account"/>.</param>
/// <param name="RetryAfter">How long the provider asked to be left alone, or null.</param>
public sealed record ProviderError(ErrorClass Class, string Code, string Description, TimeSpan? RetryAfter = null);
