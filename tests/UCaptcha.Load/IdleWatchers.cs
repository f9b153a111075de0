using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Load;

/// <summary>Opens streams that nothing happens on, and tells what they add to the server's resident memory.</summary>
internal static class IdleWatchers
{
    private const int Connections = 10;

    /// <summary>Resident memory that the watchers add, in bytes.</summary>
    public static async Task<long> MeasureAsync(ServerProcess server, string key, int watchers)
    {
        var channels = Enumerable.Range(0, Connections).Select(_ => GrpcChannel.ForAddress(server.Grpc)).ToArray();
        var clients = channels.Select(channel => new CaptchaService.CaptchaServiceClient(channel)).ToArray();
        var task = new CaptchaTask { Type = "RecaptchaV2TaskProxyless", WebsiteUrl = "https://example.com", WebsiteKey = "k" };
        var ids = new string[watchers];
        await Parallel.ForAsync(0, watchers, async (i, cancellation) =>
            ids[i] = (await clients[i % Connections].CreateTaskAsync(new CreateTaskRequest { ClientKey = key, Task = task }, cancellationToken: cancellation)).TaskId);
        var before = ProcessFigures.ResidentBytes(server.Program.Id);

        using var leave = new CancellationTokenSource();
        var open = 0;
        var streams = Enumerable.Range(0, watchers).Select(async i =>
        {
            using var call = clients[i % Connections].WatchTask(new WatchTaskRequest { ClientKey = key, TaskId = ids[i] }, cancellationToken: leave.Token);
            await call.ResponseStream.MoveNext(leave.Token);
            Interlocked.Increment(ref open);
            try
            {
                while (await call.ResponseStream.MoveNext(leave.Token))
                {
                }
            }
            catch (Grpc.Core.RpcException)
            {
                // Cancelled: the measurement is over.
            }
        }).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref open) == watchers, TimeSpan.FromSeconds(120));
        var after = ProcessFigures.ResidentBytes(server.Program.Id);
        await leave.CancelAsync();
        await Task.WhenAll(streams).ContinueWith(_ => { }, TaskScheduler.Default);
        foreach (var channel in channels)
            channel.Dispose();
        return after - before;
    }
}
