using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using UCaptcha.Transcoding.Tests.Protos;
using Status = Grpc.Core.Status;

namespace UCaptcha.Transcoding.Tests.Http;

// Does what the text of a request says, so that a test can ask for each way in which a call can end.
internal sealed class JobServiceImplementation(Handlers handlers) : JobService.JobServiceBase, IDisposable
{
    public override Task<CreateJobReply> CreateJob(CreateJobRequest request, ServerCallContext context)
    {
        handlers.LastJob = request;
        return Task.FromResult(new CreateJobReply { TaskId = request.Task?.Id ?? "none", Status = Color.DarkBlue, Solution = request.Task });
    }

    public override Task<Echo> SameName(Echo request, ServerCallContext context) => Task.FromResult(request);

    public override Task<Echo> SamePath(Echo request, ServerCallContext context) => Task.FromResult(request);

    public override Task<Echo> GrpcOnly(Echo request, ServerCallContext context) => Task.FromResult(request);

    public override async Task<Echo> Find(Echo request, ServerCallContext context)
    {
        handlers.LastContext = SeenContext.Of(context);
        switch (request.Text)
        {
            case "refuse":
                throw Refusal();
            case "crash":
                throw new InvalidOperationException("secret-of-the-handler");
            case "status":
                context.Status = new Status(StatusCode.NotFound, "set on the context");
                break;
            case "trailers":
                context.ResponseTrailers.Add("x-cost", "7");
                await context.WriteResponseHeadersAsync([new Metadata.Entry("x-early", "yes")]);
                break;
            case "headers":
                foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
                    request.Seen[entry.Key] = entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value;
                break;
            case "wait":
                await WaitAsync(context.CancellationToken);
                break;
        }

        return request;
    }

    public override async Task Watch(Echo request, IServerStreamWriter<Echo> responseStream, ServerCallContext context)
    {
        if (request.Text == "early")
            await context.WriteResponseHeadersAsync([new Metadata.Entry("x-early", "yes")]);
        if (request.Text is "refuse" or "early")
            throw Refusal();

        for (var index = 1; index <= request.Count; index++)
            await responseStream.WriteAsync(new Echo { Text = request.Text, Count = index }, context.CancellationToken);

        if (request.Text == "resume")
        {
            await responseStream.WriteAsync(new Echo { SomeName = request.SomeName });
            await responseStream.WriteAsync(new Echo { SomeName = "behind " + request.SomeName, Count = 7 });
            await responseStream.WriteAsync(new Echo { SomeName = "two\nlines" });
        }

        if (request.Text == "refuse late")
            throw Refusal();
        if (request.Text == "crash late")
            throw new InvalidOperationException("secret-of-the-handler");
        if (request.Text == "gate")
        {
            await handlers.Gate.Task.WaitAsync(context.CancellationToken);
            await responseStream.WriteAsync(new Echo { Text = "after the gate" });
        }

        if (request.Text == "wait")
            await WaitAsync(context.CancellationToken);
    }

    public void Dispose() => handlers.Disposed++;

    public static RpcException Refusal()
    {
        var status = new Google.Rpc.Status { Code = (int)Code.ResourceExhausted, Message = "Slow down." };
        status.Details.Add(Any.Pack(new ErrorInfo { Type = "ERROR_RATE_LIMIT", Domain = "test", Metadata = { ["limit"] = "10" } }));
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = new Duration { Seconds = 2, Nanos = 500_000_000 } }));
        return new RpcException(
            new Status(StatusCode.ResourceExhausted, "Slow down."), [new Metadata.Entry("grpc-status-details-bin", status.ToByteArray())]);
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        handlers.Started.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        finally
        {
            handlers.Cancelled.TrySetResult();
        }
    }
}
