using System.Globalization;
using System.Text;
using System.Text.Json;
using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Load;

/// <summary>What nodes on one PostgreSQL take, beside one server on SQLite. All of them, the database and the callers are on one machine.</summary>
internal static class ManyNodes
{
    private const int Finished = 200;
    private const string Quick = "quick:anticaptcha,latency=20ms";
    private static readonly int[] Counts = [1, 2, 3];

    public static async Task RunAsync(int seconds)
    {
        await using var emulator = await EmulatorProcess.StartAsync(LoadServer.Sink, Quick);
        var settings = LoadServer.Settings(emulator);
        foreach (var (name, value) in emulator.Account("quick", "anticaptcha", ("MaxConcurrent", "64")))
            settings[name] = value;
        Console.WriteLine($"{Environment.ProcessorCount} processors, {seconds} s each, 32 callers that wait");
        var sqlite = await MeasureAsync("SQLite", settings, nodes: 1, seconds, baseline: null);
        if (!PostgresCluster.IsInstalled)
        {
            Console.WriteLine("PostgreSQL is not installed (Debian: postgresql)");
            return;
        }

        await using var cluster = await PostgresCluster.StartAsync();
        foreach (var nodes in Counts)
        {
            settings["Storage__Provider"] = "postgres";
            settings["Storage__ConnectionString"] = await cluster.CreateDatabaseAsync();
            await MeasureAsync($"PostgreSQL, {nodes} nodes", settings, nodes, seconds, sqlite);
        }
    }

    private static async Task<double[]> MeasureAsync(string what, Dictionary<string, string> settings, int nodes, int seconds, double[]? baseline)
    {
        Console.WriteLine(what);
        var servers = new List<ServerProcess>();
        try
        {
            for (var i = 0; i < nodes; i++)
                servers.Add(await ServerProcess.StartAsync(settings));
            var rates = await MeasureAsync(servers, seconds);
            if (baseline is not null)
                Console.WriteLine("  of SQLite's      " + string.Join("   ", rates.Zip(baseline, (rate, before) => (rate / before).ToString("0.00", CultureInfo.InvariantCulture))));
            return rates;
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }
    }

    private static async Task<double[]> MeasureAsync(List<ServerProcess> servers, int seconds)
    {
        using var http = new HttpClient();
        var channels = servers.ConvertAll(server => GrpcChannel.ForAddress(server.Grpc));
        var clients = channels.ConvertAll(channel => new CaptchaService.CaptchaServiceClient(channel));
        var ids = await Task.WhenAll(Enumerable.Range(0, Finished).Select(i => SolveAsync(http, servers[i % servers.Count])));
        var result = await ManyRows.PrintAsync("getTaskResult", seconds, random => ManyRows.PostAsync(
            http, UrlOf(random, "/getTaskResult"), Encoding.UTF8.GetBytes($$"""{"clientKey":"{{LoadServer.Key}}","taskId":"{{ids[random.Next(Finished)]}}"}""")));
        var watch = await ManyRows.PrintAsync("WatchTask", seconds, async random =>
        {
            using var call = clients[random.Next(clients.Count)].WatchTask(new WatchTaskRequest { ClientKey = LoadServer.Key, TaskId = ids[random.Next(Finished)] });
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        });
        var create = await ManyRows.PrintAsync("createTask", seconds, random => ManyRows.PostAsync(http, UrlOf(random, "/createTask"), Create("sink")));
        channels.ForEach(channel => channel.Dispose());
        return [result.PerSecond, watch.PerSecond, create.PerSecond];

        string UrlOf(Random random, string path) => servers[random.Next(servers.Count)].Http + path;
    }

    private static async Task<string> SolveAsync(HttpClient http, ServerProcess server)
    {
        using var content = new ByteArrayContent(Create("quick")) { Headers = { { "Content-Type", "application/json" } } };
        using var answer = await http.PostAsync(server.Http + "/solveTask", content);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("taskId").GetString()!;
    }

    private static byte[] Create(string provider) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        clientKey = LoadServer.Key,
        provider,
        task = new { type = "RecaptchaV2TaskProxyless", websiteURL = "https://example.com/login", websiteKey = "6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-" },
    });
}
