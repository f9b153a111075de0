using Grpc.Core;
using UCaptcha.Transcoding.Rendering;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Http;

// What the handlers of a test server saw, and what they wait for.
internal sealed class Handlers
{
    public CreateJobRequest? LastJob { get; set; }

    public SeenContext? LastContext { get; set; }

    public int Disposed { get; set; }

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<string> Intercepted { get; } = [];

    public List<string> Logged { get; } = [];
}

// What a call context said while its call ran.
internal sealed record SeenContext(string Method, string Peer, string Host, DateTime Deadline, string? Profile, string? Prefix)
{
    public static SeenContext Of(ServerCallContext context)
    {
        var feature = TranscodingFeature.Of(context.GetHttpContext());
        return new SeenContext(context.Method, context.Peer, context.Host, context.Deadline, feature?.Profile.Name, feature?.Prefix);
    }
}
