using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Http;

public sealed class ProfileTests : IAsyncLifetime
{
    private JobServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await JobServer.StartAsync(
        options => options.PathPrefixes.Add("/old"),
        services => services.AddSingleton<IRenderingProfileSelector, Selector>());

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Prefix_OfAPath_ChoosesTheProfile()
    {
        var plain = await _server.PostAsync("/createJob", """{"task":{"id":"7"}}""");
        var old = await _server.PostAsync("/old/createJob", """{"task":{"id":"7"}}""");

        Assert.Contains("\"taskId\":\"7\"", plain.Body, StringComparison.Ordinal);
        Assert.Equal((201, """{"taskId":7,"added":null}"""), (old.Status, old.Body));
    }

    [Fact]
    public async Task Request_ThatIsRead_ChoosesTheProfile()
    {
        var answer = await _server.PostAsync("/createJob", """{"clientKey":"old-client","task":{"id":"7"}}""");

        Assert.Equal(201, answer.Status);
    }

    [Fact]
    public async Task Profile_OfACall_IsKnownToItsHandler()
    {
        await _server.SendAsync(HttpMethod.Get, "/old/echo/x");

        Assert.Equal(("old", "/old"), (_server.Handlers.LastContext!.Profile, _server.Handlers.LastContext.Prefix));
    }

    [Theory]
    [InlineData("GET", "/old/echo/refuse", null, "Status ResourceExhausted ERROR_RATE_LIMIT")]
    [InlineData("GET", "/old/echo/crash", null, "Unhandled Internal ")]
    [InlineData("POST", "/old/createJob", "{\"task\":5}", "UnreadableRequest InvalidArgument WrongType task")]
    [InlineData("POST", "/old/createJob", "", "UnreadableRequest InvalidArgument Empty ")]
    [InlineData("POST", "/old/nothing", "{}", "PathNotFound Unimplemented ")]
    [InlineData("DELETE", "/old/createJob", null, "MethodNotAllowed Unimplemented ")]
    public async Task Error_OfAnyCause_IsRenderedByTheProfile(string method, string path, string? body, string said)
    {
        var answer = await _server.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal((200, $"\"{said}\""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Message_OfAStream_IsRenderedByTheProfile()
    {
        var answer = await _server.PostAsync("/old/watch", """{"text":"refuse late","count":1}""");

        Assert.Equal("{\"taskId\":0,\"added\":null}\n\"Status ResourceExhausted ERROR_RATE_LIMIT\"\n", answer.Body);
    }

    [Fact]
    public async Task Profile_ThatFails_IsOurOwnFault()
    {
        var message = await _server.SendAsync(HttpMethod.Get, "/echo/x", null, null, ("x-profile", "broken"));
        var error = await _server.SendAsync(HttpMethod.Get, "/echo/refuse", null, null, ("x-profile", "broken"));
        var selector = await _server.SendAsync(HttpMethod.Get, "/echo/x", null, null, ("x-profile", "none"));

        Assert.Equal((500, 500, 500), (message.Status, error.Status, selector.Status));
        Assert.DoesNotContain("secret", message.Body + error.Body + selector.Body, StringComparison.Ordinal);
        Assert.Contains("INTERNAL", error.Body, StringComparison.Ordinal);
    }

    private sealed class Selector : IRenderingProfileSelector
    {
        private static readonly RenderingProfile Plain = new("plain");
        private static readonly RenderingProfile Old = new OldProfile();
        private static readonly RenderingProfile Broken = new BrokenProfile();

        public ValueTask<RenderingProfile> SelectAsync(HttpContext context, string? prefix, IMessage? request)
        {
            var isOld = prefix == "/old" || request is CreateJobRequest { ClientKey: "old-client" };
            return context.Request.Headers["x-profile"].ToString() switch
            {
                "broken" => new(Broken),
                "none" => throw new InvalidOperationException("secret of the selector"),
                _ => new(isOld ? Old : Plain),
            };
        }
    }

    private sealed class OldProfile() : RenderingProfile("old")
    {
        public override int GetStatusCode(MethodDescriptor method, IMessage message) => StatusCodes.Status201Created;

        public override int GetErrorStatusCode(TranscodingError error) => StatusCodes.Status200OK;

        public override void WriteResponse(MethodDescriptor method, IMessage message, ProtoJsonCodec codec, Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("taskId", message is CreateJobReply { TaskId: "7" } ? 7 : 0);
            writer.WriteNull("added");
            writer.WriteEndObject();
        }

        public override void WriteError(TranscodingError error, Utf8JsonWriter writer)
        {
            var contract = error.Contract is null ? "" : $"{error.Contract.Kind} {error.Contract.Path}";
            writer.WriteStringValue($"{error.Cause} {error.StatusCode} {error.Reason}{contract}");
        }
    }

    private sealed class BrokenProfile() : RenderingProfile("broken")
    {
        public override void WriteResponse(MethodDescriptor method, IMessage message, ProtoJsonCodec codec, Utf8JsonWriter writer) =>
            throw new InvalidOperationException("secret of the profile");

        public override void WriteError(TranscodingError error, Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            throw new RpcException(Grpc.Core.Status.DefaultCancelled, "secret of the profile");
        }
    }
}
