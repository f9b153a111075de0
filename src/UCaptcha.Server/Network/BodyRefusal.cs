using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Server.Errors;

namespace UCaptcha.Server.Network;

/// <summary>What a caller is told for whose body there is no room now.</summary>
internal static class BodyRefusal
{
    /// <summary>A sentence for a person.</summary>
    public const string Message = "Too many large requests are arriving at once; try again soon.";

    /// <summary>When to try again.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(5);

    /// <summary>As a refusal of the server's own surfaces.</summary>
    public static RefusedException Make() => new(ErrorCodes.ServiceNotAvailable, Message, retryAfter: RetryAfter);

    /// <summary>As a status.</summary>
    public static RpcException Status() => Refusals.Make(ErrorCodes.ServiceNotAvailable, Message, retryAfter: RetryAfter);
}
