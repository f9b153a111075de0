using Grpc.Core;
using Grpc.Core.Interceptors;

namespace UCaptcha.Transcoding.Tests.Http;

internal sealed class RecordingInterceptor(Handlers handlers, string name) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Record(context);
        return await continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Record(context);
        return continuation(request, responseStream, context);
    }

    private void Record(ServerCallContext context)
    {
        lock (handlers.Intercepted)
            handlers.Intercepted.Add($"{name} {context.Method}");
    }
}
