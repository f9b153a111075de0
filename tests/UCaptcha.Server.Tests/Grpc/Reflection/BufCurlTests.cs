using System.Diagnostics;
using System.Text.Json;

namespace UCaptcha.Server.Tests.Grpc.Reflection;

// The real buf as a client that knows no schema; without --protocol it would speak Connect. BUF names the binary; else it is looked for on the PATH.
public sealed class BufCurlTests
{
    [Theory]
    [InlineData("grpc-v1")]
    [InlineData("grpc-v1alpha")]
    public async Task Curl_NoSchema_CallsTheMethod(string protocol)
    {
        await using var server = await ReflectingServer.StartAsync();

        var output = await CurlAsync(server, "/ucaptcha.v1.CaptchaService/GetBalance", "--reflect-protocol", protocol, "-d", "{}");

        Assert.Equal(12.5, JsonDocument.Parse(output).RootElement.GetProperty("balance").GetDouble());
    }

    [Fact]
    public async Task Curl_ListMethods_NamesEveryMethod()
    {
        await using var server = await ReflectingServer.StartAsync();

        var methods = (await CurlAsync(server, "", "--list-methods")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("ucaptcha.v1.CaptchaService/CreateTask", methods);
        Assert.Contains("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", methods);
    }

    private static async Task<string> CurlAsync(TestServer server, string path, params string[] arguments)
    {
        var start = new ProcessStartInfo(FindBuf()) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["curl", "--protocol", "grpc", "--http2-prior-knowledge", .. arguments, server.GrpcUrl.GetLeftPart(UriPartial.Authority) + path])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }

    private static string FindBuf()
    {
        var named = Environment.GetEnvironmentVariable("BUF");
        var found = string.IsNullOrEmpty(named)
            ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "buf")).FirstOrDefault(File.Exists)
            : named;
        if (found is null)
            Assert.Skip("buf is not installed: npm install -g @bufbuild/buf, or set BUF to the binary.");
        return found;
    }
}
