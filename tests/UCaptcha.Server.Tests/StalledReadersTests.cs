using System.Globalization;
using Grpc.Net.Client;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests;

/// <summary>A reader that stops reading holds up neither the server's memory nor anybody else, and misses nothing when it goes on.</summary>
public sealed class StalledReadersTests
{
    private const int Readers = 100;
    private const int Tasks = 400;
    private const long AllowedGrowth = 200_000_000;

    [Fact]
    public async Task WatchTasks_ManyReadersStopReading_MemoryStaysAndEachGetsAllOfIt()
    {
        // What the stalled readers are owed comes to 1.6 GB.
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=20ms,padding=40000"]);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Readers * 2 });
        var stalled = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => OpenAsync(http, scenario.Server)));
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        using var call = new CaptchaService.CaptchaServiceClient(channel).WatchTasks(new WatchTasksRequest { ClientKey = Scenario.Key, Cursor = "0" });
        var reader = await OpenAsync(http, scenario.Server);
        var created = new List<string>();
        await CreateAsync(Tasks / 4);
        Assert.Equal(created.Order(), (await ReadAsync(reader, created.Count)).Order());
        var before = Memory(scenario.Server.Program.Id);

        await CreateAsync(Tasks - created.Count);
        await ReadAsync(reader, Tasks - (Tasks / 4));

        Assert.InRange(Memory(scenario.Server.Program.Id) - before, long.MinValue, AllowedGrowth);
        Assert.Equal(created.Order(), (await ReadAsync(stalled[0], Tasks)).Order());
        var overGrpc = new List<string>();
        while (overGrpc.Count < Tasks && await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (call.ResponseStream.Current.HasTaskId)
                overGrpc.Add(call.ResponseStream.Current.TaskId);
        }

        Assert.Equal(created.Order(), overGrpc.Order());
        foreach (var lines in stalled.Append(reader))
            lines.Dispose();

        async Task CreateAsync(int count) => created.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => scenario.Api.CreateAsync())));
    }

    // Opens a stream and reads nothing of it.
    private static async Task<StreamReader> OpenAsync(HttpClient http, ServerProcess server)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{server.Http}/watchTasks?clientKey={Scenario.Key}&cursor=0");
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode);
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    // The next so many ended tasks.
    private static async Task<List<string>> ReadAsync(StreamReader lines, int count)
    {
        var ids = new List<string>();
        while (ids.Count < count && await lines.ReadLineAsync() is { } line)
        {
            const string Member = "\"taskId\":\"";
            if (line.IndexOf(Member, StringComparison.Ordinal) is var at and >= 0)
                ids.Add(line.Substring(at + Member.Length, 36));
        }

        return ids;
    }

    private static long Memory(int processId)
    {
        const string Resident = "VmRSS:";
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(Resident, StringComparison.Ordinal));
        return long.Parse(line[Resident.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Any, CultureInfo.InvariantCulture) * 1024;
    }
}
