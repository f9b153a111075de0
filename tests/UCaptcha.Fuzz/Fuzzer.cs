using System.Net;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Fuzz;

/// <summary>Sends bad requests to a real server and checks each answer, the log, and the server's memory.</summary>
internal static class Fuzzer
{
    private const int Callers = 16;
    private const string Unexpected = "ended by an unexpected exception";
    private const double WarmUp = 0.3;
    private const long AllowedGrowth = 96_000_000;

    // How often each kind is sent, of all of them together.
    private static readonly (int Share, Func<Shot, Task> SendAsync)[] Kinds =
    [
        (22, JsonShots.ToClientsAsync),
        (8, JsonShots.ToAdminsAsync),
        (3, RawRequests.SendAsync),
        (3, GrpcRequests.SendAsync),
        (2, GrpcWebRequests.SendAsync),
        (1, Preflights.SendAsync),
        (1, Http2Requests.SendAsync),
    ];

    private static readonly Func<Shot, Task>[] Mix = [.. Kinds.SelectMany(kind => Enumerable.Repeat(kind.SendAsync, kind.Share))];

    public static async Task<FuzzReport> RunAsync(int requests, int seed, int? only)
    {
        await using var emulator = await EmulatorProcess.StartAsync("all:generic,latency=20ms");
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>(emulator.Account("all", "generic"))
        {
            ["Keys__one__Key"] = Canaries.Key,
            ["Keys__two__Key"] = Canaries.OtherKey,
            ["RateLimit__PerAddress"] = "0",
            ["Admin__Key"] = Canaries.AdminKey,
            ["Secrets__MasterKey"] = Convert.ToBase64String(new byte[32]),
            ["Http__Cors__Origins__0"] = Preflights.Origin,
            // Wrong admin keys come from many addresses, or the right one would soon be refused with them.
            ["Http__TrustedProxies__0"] = "127.0.0.1",
            ["Logging__LogLevel__Default"] = "Debug",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Information",
        });
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Callers * 4, UseCookies = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        var report = new FuzzReport();
        var warm = (int)(requests * WarmUp);
        var numbers = only is { } one ? [one] : Enumerable.Range(0, requests).ToArray();
        await SendAsync(numbers.Take(only is null ? warm : 1));
        report.Memory = (ServerMemory.Of(server.Program.Id), 0);
        await SendAsync(numbers.Skip(only is null ? warm : 1));
        report.Memory = report.Memory with { End = ServerMemory.Of(server.Program.Id) };

        if (report.Memory.End > report.Memory.Warm + AllowedGrowth)
            report.Violations.Enqueue($"The server's memory grew by more than {AllowedGrowth / 1_000_000} MB.");
        await CheckAliveAsync(http, server, report);
        foreach (var line in server.Program.Output)
        {
            if (line.Contains(Unexpected, StringComparison.Ordinal))
                report.Violations.Enqueue($"The server logged what it did not expect: {line}");
            if (Canaries.InLog(line) is { } canary)
                report.Violations.Enqueue($"A log line holds the secret {canary}: {line}");
        }

        return report;

        Task SendAsync(IEnumerable<int> some) => Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (number, _) =>
        {
            var shot = new Shot(http, server, new Spoiler(new Random(HashCode(seed, number))), number, report);
            await shot.Spoiler.Pick(Mix)(shot);
        });
    }

    private static int HashCode(int seed, int number) => unchecked((seed * 397) ^ (number * 7919));

    private static async Task CheckAliveAsync(HttpClient http, ServerProcess server, FuzzReport report)
    {
        foreach (var address in (string[])[server.Http + "/healthz", server.Admin + "/metrics"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("x-admin-key", Canaries.AdminKey);
            using var response = await http.SendAsync(request);
            if (response.StatusCode != HttpStatusCode.OK)
                report.Violations.Enqueue($"The server does not answer at {address} any more.");
        }
    }
}
