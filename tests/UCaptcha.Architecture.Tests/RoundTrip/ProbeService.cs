using System.Text;
using Google.Protobuf;
using Grpc.Core;

namespace UCaptcha.Architecture.Tests.RoundTrip;

// Answers with its text; "act" asks for more than that.
internal sealed class ProbeService(ProbeLog log) : Probe.ProbeBase
{
    public override async Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context)
    {
        switch (request.Act)
        {
            case "fail":
                var trailers = new Metadata { { "why", request.Text }, { "why-bin", Encoding.UTF8.GetBytes(request.Text) } };
                throw new RpcException(new Status(StatusCode.FailedPrecondition, request.Text), trailers);
            case "details":
                var details = new Metadata { { "grpc-status-details-bin", new ProbeReply { Text = request.Text }.ToByteArray() } };
                throw new RpcException(new Status(StatusCode.InvalidArgument, request.Text), details);
            case "crash":
                throw new InvalidOperationException("crash");
            case "deadline":
                return new ProbeReply { Text = context.Deadline == DateTime.MaxValue ? "none" : context.Deadline.Kind.ToString() };
            case "status":
                context.Status = new Status(StatusCode.NotFound, request.Text);
                break;
            case "hang":
                await HangAsync(context);
                break;
            case "metadata":
                await EchoMetadataAsync(context);
                break;
            case "state":
                return new ProbeReply { Text = string.Join(',', context.UserState.Values) };
            case "method":
                return new ProbeReply { Text = $"{context.Method} {context.Host} {context.Peer} {context.AuthContext.IsPeerAuthenticated}" };
        }

        return new ProbeReply { Text = request.Text };
    }

    public override async Task ServerStream(ProbeRequest request, IServerStreamWriter<ProbeReply> responseStream, ServerCallContext context)
    {
        for (var i = 0; i < request.Count; i++)
        {
            responseStream.WriteOptions = request.Act == "mixed" && i == 1 ? new WriteOptions(WriteFlags.NoCompress) : null;
            await responseStream.WriteAsync(new ProbeReply { Text = $"{request.Text}{i}" }, context.CancellationToken);
        }

        if (request.Act == "hang")
            await HangAsync(context);
    }

    public override async Task<ProbeReply> ClientStream(IAsyncStreamReader<ProbeRequest> requestStream, ServerCallContext context)
    {
        var text = new StringBuilder();
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            text.Append(request.Text);
        return new ProbeReply { Text = text.ToString() };
    }

    public override async Task Duplex(
        IAsyncStreamReader<ProbeRequest> requestStream, IServerStreamWriter<ProbeReply> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext())
            await responseStream.WriteAsync(new ProbeReply { Text = requestStream.Current.Text });
    }

    private static async Task EchoMetadataAsync(ServerCallContext context)
    {
        var headers = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("probe-", StringComparison.Ordinal)))
        {
            headers.Add(entry);
            context.ResponseTrailers.Add(entry);
        }

        await context.WriteResponseHeadersAsync(headers);
    }

    private async Task HangAsync(ServerCallContext context)
    {
        log.Started.TrySetResult(context.Deadline);
        await using var registration = context.CancellationToken.Register(() => log.Cancelled.TrySetResult());
        await log.Cancelled.Task;
        context.CancellationToken.ThrowIfCancellationRequested();
    }
}

internal sealed class ProbeLog
{
    public TaskCompletionSource<DateTime> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
