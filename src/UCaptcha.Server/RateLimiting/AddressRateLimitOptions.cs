using System.ComponentModel.DataAnnotations;

namespace UCaptcha.Server.RateLimiting;

/// <summary>The settings under <c>UCaptcha:RateLimit</c>.</summary>
internal sealed class AddressRateLimitOptions
{
    /// <summary>The documented number of requests in a window: 10,000.</summary>
    public const int DefaultPerAddress = 10_000;

    /// <summary>How many requests one address may make in a window of 10 seconds.</summary>
    /// <value>0 or more, 0 = off. The default is <see cref="DefaultPerAddress"/>.</value>
    [Range(0, int.MaxValue, ErrorMessage = "UCaptcha:RateLimit:PerAddress must be 0 (off) or a positive number of requests per 10 seconds.")]
    public int PerAddress { get; set; } = DefaultPerAddress;
}
