using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace UCaptcha.Server.Errors;

/// <summary>Refusals as gRPC says them: a status with one google.rpc.ErrorInfo.</summary>
internal static class Refusals
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>Makes the exception that ends a call.</summary>
    /// <param name="code">The documented code.</param>
    /// <param name="description">A sentence for a person.</param>
    /// <param name="field">The JSON name of the field at fault, or null.</param>
    /// <param name="retryAfter">When to try again, or null.</param>
    public static RpcException Make(string code, string description, string? field = null, TimeSpan? retryAfter = null)
    {
        var status = ErrorTable.GrpcStatus(code);
        // Field 1 is called reason today; this version of the C# types still calls it type.
        var info = new ErrorInfo { Type = code, Domain = ErrorTable.Domain };
        if (field is not null)
            info.Metadata.Add("field", field);
        var details = new Google.Rpc.Status { Code = (int)status, Message = description, Details = { Any.Pack(info) } };
        if (retryAfter is { } delay)
            details.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        return new RpcException(new global::Grpc.Core.Status(status, description), new Metadata { { DetailsTrailer, details.ToByteArray() } });
    }
}
