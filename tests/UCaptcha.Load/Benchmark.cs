using System.Globalization;
using System.Text.RegularExpressions;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Load;

/// <summary>
/// createTask, durably committed, beside services of the same framework that only read and answer: one run, one
/// machine, the load generator on the same cores. What counts are the ratios.
/// </summary>
internal static partial class Benchmark
{
    private const int JsonConnections = 64;
    private const int GrpcConnections = 8;
    private const int GrpcStreams = 16;
    private const string Key = "benchmark-key";

    public static async Task RunAsync(int seconds, int watchers)
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors, {seconds} s each, JSON {JsonConnections} connections, gRPC {GrpcConnections} x {GrpcStreams}");
        await using var baselines = ProgramProcess.Start("dotnet", [Repository.ProgramOf("tests/UCaptcha.Load"), "serve-baselines"]);
        var addresses = AddressLine().Match(await baselines.WaitForLineAsync(line => AddressLine().IsMatch(line)));
        await using var emulator = ProgramProcess.Start("dotnet", [Repository.ProgramOf("tests/UCaptcha.ProviderEmulator"), .. EmulatorArguments]);
        var upstream = EmulatorLine().Match(await emulator.WaitForLineAsync(line => EmulatorLine().IsMatch(line))).Groups[1].Value;

        var (jsonBody, grpcBody) = (Bodies.Json(Key), Bodies.Grpc(Key));
        var jsonEcho = await JsonAsync(addresses.Groups[1].Value + "/createTask", jsonBody, seconds);
        Print("minimal-API echo, JSON", jsonEcho, null);
        var grpcEcho = await GrpcAsync(addresses.Groups[2].Value + "/ucaptcha.v1.CaptchaService/CreateTask", grpcBody, seconds);
        Print("bare gRPC echo", grpcEcho, null);
        await using (var server = await ServerProcess.StartAsync(Settings(upstream)))
        {
            Print("createTask, JSON, committed", await JsonAsync(server.Http + "/createTask", jsonBody, seconds), jsonEcho);
        }

        await using (var server = await ServerProcess.StartAsync(Settings(upstream)))
        {
            Print("CreateTask, gRPC, committed", await GrpcAsync(server.Grpc + "/ucaptcha.v1.CaptchaService/CreateTask", grpcBody, seconds), grpcEcho);
        }

        await using (var server = await ServerProcess.StartAsync(Settings(upstream)))
        {
            var added = await IdleWatchers.MeasureAsync(server, Key, watchers);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watchers} idle watchers add {added / 1048576.0:0.0} MB of resident memory"));
        }
    }

    /// <summary>One account that lets only a few tasks in at a time, so that accepting is measured and not the emulator.</summary>
    private static string[] EmulatorArguments { get; } = ["--instance", "sink:capmonster,latency=60s"];

    private static Dictionary<string, string> Settings(string upstream) => new()
    {
        ["Keys__bench__Key"] = Key,
        ["Providers__sink__Kind"] = "capmonster",
        ["Providers__sink__BaseUrl"] = $"{upstream}/sink",
        ["Providers__sink__ApiKey"] = "emulated",
        ["Providers__sink__MaxConcurrent"] = "16",
        ["RateLimit__PerAddress"] = "0",
        ["Engine__MaxUnfinished"] = "5000000",
        ["Engine__TimeBudgetMs"] = "600000",
    };

    private static Task<H2Load> JsonAsync(string url, byte[] body, int seconds) => MeasureAsync(url, body, grpc: false, JsonConnections, 1, seconds);

    private static Task<H2Load> GrpcAsync(string url, byte[] body, int seconds) => MeasureAsync(url, body, grpc: true, GrpcConnections, GrpcStreams, seconds);

    private static async Task<H2Load> MeasureAsync(string url, byte[] body, bool grpc, int connections, int streams, int seconds)
    {
        await H2Load.RunAsync(url, body, grpc, connections, streams, WarmUp.Seconds);
        return await H2Load.RunAsync(url, body, grpc, connections, streams, seconds);
    }

    private static void Print(string what, H2Load run, H2Load? baseline)
    {
        var ratio = baseline is null ? "" : string.Create(CultureInfo.InvariantCulture, $"   {run.RequestsPerSecond / baseline.RequestsPerSecond:0.00} of the echo");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-30} {run.RequestsPerSecond,9:0}/s   p50 {run.P50,6:0.0} ms   p99 {run.P99,6:0.0} ms   failed {run.Refused + run.Failed}{ratio}"));
    }

    [GeneratedRegex(@"^JSON on (http://\S+), gRPC on (http://\S+)$")]
    private static partial Regex AddressLine();

    [GeneratedRegex(@"listening on (http://\S+)$")]
    private static partial Regex EmulatorLine();
}
