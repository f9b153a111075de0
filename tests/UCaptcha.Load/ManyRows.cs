using System.Globalization;
using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Load;

/// <summary>What grows with the finished tasks in the file, and what does not.</summary>
internal static class ManyRows
{
    private const int Callers = 32;

    public static async Task RunAsync(IEnumerable<int> counts, int seconds)
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors, {seconds} s each, {Callers} callers that wait");
        foreach (var count in counts)
        {
            using var folder = new TemporaryFolder();
            await using var emulator = await EmulatorProcess.StartAsync(LoadServer.Sink);
            var settings = LoadServer.Settings(emulator, ("Engine__ResultLifetimeMinutes", "525600"));
            // The server makes the schema and the key.
            await using (await ServerProcess.StartAsync(settings, folder.Path))
            {
            }

            var file = Path.Combine(folder.Path, "ucaptcha.db");
            FinishedTasks.Fill(file, count);
            await using var server = await ServerProcess.StartAsync(settings, folder.Path);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} finished tasks, {new FileInfo(file).Length / 1048576.0:0} MB"));
            await MeasureAsync(server, count, seconds);
        }
    }

    private static async Task MeasureAsync(ServerProcess server, int count, int seconds)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Http) };
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var grpc = new CaptchaService.CaptchaServiceClient(channel);
        var body = Bodies.Json(LoadServer.Key);
        await PrintAsync("getTaskResult", seconds, random =>
            PostAsync(http, "/getTaskResult", System.Text.Encoding.UTF8.GetBytes($$"""{"clientKey":"{{LoadServer.Key}}","taskId":"{{FinishedTasks.IdOf(random.Next(count) + 1)}}"}""")));
        await PrintAsync("WatchTask", seconds, async random =>
        {
            using var call = grpc.WatchTask(new WatchTaskRequest { ClientKey = LoadServer.Key, TaskId = FinishedTasks.IdOf(random.Next(count) + 1).ToString() });
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        });
        await PrintAsync("createTask", seconds, _ => PostAsync(http, "/createTask", body));
    }

    /// <summary>Warms up, measures and prints a line.</summary>
    public static async Task<ClosedLoop> PrintAsync(string what, int seconds, Func<Random, Task> call)
    {
        await ClosedLoop.RunAsync(Callers, WarmUp.Seconds, call);
        var run = await ClosedLoop.RunAsync(Callers, seconds, call);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {what,-14} {run.PerSecond,8:0}/s   p50 {run.P50,6:0.0} ms   p99 {run.P99,6:0.0} ms   failed {run.Failed}"));
        return run;
    }

    public static async Task PostAsync(HttpClient http, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } };
        using var response = await http.PostAsync(path, content);
        response.EnsureSuccessStatusCode();
    }
}
