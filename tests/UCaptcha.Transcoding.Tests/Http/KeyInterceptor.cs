using Grpc.Core;
using Grpc.Core.Interceptors;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Http;

// Knows one key.
internal sealed class KeyInterceptor : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        request is CreateJobRequest { ClientKey: "k" }
            ? continuation(request, context)
            : throw new RpcException(new Status(StatusCode.Unauthenticated, "No such key."));
}
