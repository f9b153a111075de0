namespace UCaptcha.Server.RateLimiting;

/// <summary>What the limiter says about one request.</summary>
/// <param name="Allowed">Whether the request is within the limit.</param>
/// <param name="Limit">Requests in a window; 0 = no limit, and then the other numbers mean nothing.</param>
/// <param name="Remaining">Requests left in the window behind this one, at least 0.</param>
/// <param name="ResetUnixSeconds">When the window ends and the count starts anew, in unix seconds.</param>
/// <param name="RetryAfterSeconds">Seconds until then, rounded up, at least 1.</param>
internal readonly record struct RateDecision(bool Allowed, int Limit, int Remaining, long ResetUnixSeconds, int RetryAfterSeconds);
