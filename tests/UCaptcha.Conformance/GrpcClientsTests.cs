using System.Text.Json;
using UCaptcha.TestKit;

namespace UCaptcha.Conformance;

/// <summary>gRPC from three stacks that are not ours: grpc-js, grpcio on its C core, and buf curl by reflection.</summary>
public sealed class GrpcClientsTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    [Fact]
    public async Task GrpcJs_WatchesATask_SeesItsStatesAndTheEndOfTheStream() =>
        CheckWatching(await ClientProgram.NodeAsync("watch-grpcjs.cjs", sandbox.Server.GrpcTarget, sandbox.Key, ClientProgram.Protos, SandboxServer.SiteKey));

    [Fact]
    public async Task Grpcio_WatchesATask_SeesItsStatesAndTheEndOfTheStream()
    {
        using var stubs = new TemporaryFolder();
        var protoc = ClientProgram.Require("protoc", "protobuf-compiler");
        var plugin = ClientProgram.Require("grpc_python_plugin", "protobuf-compiler-grpc");
        await ClientProgram.RunAsync(protoc,
        [
            $"-I{ClientProgram.Protos}",
            $"--python_out={stubs.Path}",
            $"--grpc_out={stubs.Path}",
            $"--plugin=protoc-gen-grpc={plugin}",
            .. new[] { "ucaptcha/v1/options", "ucaptcha/v1/captcha_task", "ucaptcha/v1/captcha_service", "google/api/http", "google/api/annotations" }
                .Select(name => Path.Combine(ClientProgram.Protos, name + ".proto")),
        ]);
        CheckWatching(await ClientProgram.PythonAsync("watch_grpcio.py", "grpc", sandbox.Server.GrpcTarget, sandbox.Key, stubs.Path, SandboxServer.SiteKey));
    }

    [Fact]
    public async Task BufCurl_WithoutASchema_FindsTheMethodsByReflectionAndCallsOne()
    {
        var url = $"{sandbox.Server.Grpc}/ucaptcha.v1.CaptchaService/GetBalance";
        var methods = await ClientProgram.RunAsync(ClientProgram.Buf, ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--list-methods", sandbox.Server.Grpc]);
        Assert.Contains("ucaptcha.v1.CaptchaService/WatchTask", methods);

        var answer = await ClientProgram.RunAsync(ClientProgram.Buf, ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "-d", $$"""{"clientKey":"{{sandbox.Key}}"}""", url]);
        Assert.Equal(1000, JsonDocument.Parse(string.Concat(answer)).RootElement.GetProperty("balance").GetDouble());
    }

    [Fact]
    public async Task BufCurl_HealthCheck_SaysServing()
    {
        var answer = await ClientProgram.RunAsync(
            ClientProgram.Buf, ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "-d", "{}", $"{sandbox.Server.Grpc}/grpc.health.v1.Health/Check"]);
        Assert.Equal("SERVING", JsonDocument.Parse(string.Concat(answer)).RootElement.GetProperty("status").GetString());
    }

    private static void CheckWatching(IReadOnlyList<string> lines)
    {
        var messages = lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var states = messages[..^1];
        Assert.Equal("TASK_STATUS_PROCESSING", states[0].GetProperty("status").GetString());
        Assert.Equal("TASK_STATUS_READY", states[^1].GetProperty("status").GetString());
        Assert.Equal(1, states[^1].GetProperty("attempt").GetInt32());
        Assert.False(string.IsNullOrEmpty(states[^1].GetProperty("token").GetString()));
        Assert.Single(states, state => state.GetProperty("status").GetString() == "TASK_STATUS_READY");
        Assert.Equal("UNAUTHENTICATED", messages[^1].GetProperty("code").GetString());
    }
}
