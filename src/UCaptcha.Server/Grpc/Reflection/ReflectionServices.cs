using Google.Protobuf;
using Grpc.Core;
using Alpha = Grpc.Reflection.V1Alpha;
using Stable = Grpc.Reflection.V1;

namespace UCaptcha.Server.Grpc.Reflection;

/// <summary>grpc.reflection.v1.ServerReflection.</summary>
internal sealed class ReflectionService(ReflectionAnswers answers, IHostApplicationLifetime lifetime) : Stable.ServerReflection.ServerReflectionBase
{
    /// <inheritdoc/>
    public override Task ServerReflectionInfo(
        IAsyncStreamReader<Stable.ServerReflectionRequest> requestStream,
        IServerStreamWriter<Stable.ServerReflectionResponse> responseStream,
        ServerCallContext context) => Conversation.HoldAsync(requestStream, responseStream, answers.Answer, context, lifetime);
}

/// <summary>grpc.reflection.v1alpha.ServerReflection: the same bytes under the older name.</summary>
internal sealed class AlphaReflectionService(ReflectionAnswers answers, IHostApplicationLifetime lifetime) : Alpha.ServerReflection.ServerReflectionBase
{
    /// <inheritdoc/>
    public override Task ServerReflectionInfo(
        IAsyncStreamReader<Alpha.ServerReflectionRequest> requestStream,
        IServerStreamWriter<Alpha.ServerReflectionResponse> responseStream,
        ServerCallContext context) => Conversation.HoldAsync(requestStream, responseStream, Answer, context, lifetime);

    private Alpha.ServerReflectionResponse Answer(Alpha.ServerReflectionRequest request)
    {
        var answer = answers.Answer(Stable.ServerReflectionRequest.Parser.ParseFrom(request.ToByteString()));
        return Alpha.ServerReflectionResponse.Parser.ParseFrom(answer.ToByteString());
    }
}

/// <summary>One response for each request, until the caller has no more or the host stops.</summary>
internal static class Conversation
{
    /// <summary>Ends without an error when the host stops, so that an idle tool does not hold up the stop.</summary>
    public static async Task HoldAsync<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests,
        IServerStreamWriter<TResponse> responses,
        Func<TRequest, TResponse> answer,
        ServerCallContext context,
        IHostApplicationLifetime lifetime)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            while (await requests.MoveNext(end.Token))
                await responses.WriteAsync(answer(requests.Current), context.CancellationToken);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The stream ends here.
        }
    }
}
