using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Server.Errors;

namespace UCaptcha.Server.Network;

/// <summary>What a caller is told for whose body there is no room now, or whose body does not come.</summary>
internal static class BodyRefusal
{
    private const string NoRoom = "Too many large requests are arriving at once; try again soon.";
    private const string TooSlow = "The request did not arrive in time.";

    /// <summary>When to try again.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(5);

    /// <summary>A sentence for a person.</summary>
    public static string MessageOf(BodyStanding standing) => standing == BodyStanding.TooSlow ? TooSlow : NoRoom;

    /// <summary>As a refusal of the server's own surfaces.</summary>
    public static RefusedException Make(BodyStanding standing) => new(ErrorCodes.ServiceNotAvailable, MessageOf(standing), retryAfter: RetryAfter);

    /// <summary>As a status, where there is no room.</summary>
    public static RpcException Status() => Refusals.Make(ErrorCodes.ServiceNotAvailable, NoRoom, retryAfter: RetryAfter);
}
