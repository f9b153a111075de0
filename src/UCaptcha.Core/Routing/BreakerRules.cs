using UCaptcha.Core.Providers;

namespace UCaptcha.Core.Routing;

/// <summary>How long an account rests after which error. The times are the vendors' own where they have any: they ban accounts that go on.</summary>
internal static class BreakerRules
{
    /// <summary>Errors of the connection, one after the other, that open a breaker.</summary>
    private const int TransportErrorsInARow = 3;

    private static readonly Rest Busy = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
    private static readonly Rest Transport = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));
    private static readonly Rest Account = new(TimeSpan.FromMinutes(10), TimeSpan.FromHours(1));

    private static readonly Dictionary<string, Rest> ByCode = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ERROR_ZERO_BALANCE"] = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)),
        ["HTTP_402"] = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)),
        ["ERROR_SETTLEMENT_FAILED"] = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)),
        ["ERROR_KEY_TEMP_BLOCKED"] = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)),
        ["ERROR_IP_BLOCKED_5MIN"] = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)),
        ["ERROR_IP_BANNED"] = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)),
        ["ERROR_IP_BLOCKED"] = new(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(60)),
    };

    /// <summary>How long the account rests, or null when the error does not open its breaker.</summary>
    /// <param name="error">The error.</param>
    /// <param name="transportErrors">Errors of the connection in a row, this one included.</param>
    /// <param name="openings">How often the breaker opened since the last success: each time it rests twice as long.</param>
    public static TimeSpan? RestFor(ProviderError error, int transportErrors, int openings) => error.Class switch
    {
        ErrorClass.Account => ByCode.GetValueOrDefault(error.Code, Account).After(openings),
        ErrorClass.Busy => Busy.After(openings),
        ErrorClass.Transport when transportErrors >= TransportErrorsInARow => Transport.After(openings),
        _ => null,
    };

    private readonly record struct Rest(TimeSpan First, TimeSpan Longest)
    {
        public TimeSpan After(int openings)
        {
            var rest = First * Math.Pow(2, Math.Min(openings, 20));
            return rest < Longest ? rest : Longest;
        }
    }
}
