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
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestStream = TimeSpan.FromMilliseconds(200);

    public static async Task<FuzzReport> RunAsync(int requests, int seed, int? only)
    {
        Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Debug");
        Environment.SetEnvironmentVariable("Logging__LogLevel__Microsoft.AspNetCore", "Information");
        await using var emulator = await EmulatorProcess.StartAsync("all:generic,latency=20ms");
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>(emulator.Account("all", "generic"))
        {
            ["Keys__one__Key"] = Canaries.Key,
            ["Keys__two__Key"] = Canaries.OtherKey,
            ["RateLimit__PerAddress"] = "0",
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

        Task SendAsync(IEnumerable<int> some) => Parallel.ForEachAsync(
            some, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (number, _) => await SendOneAsync(http, server, new Spoiler(new Random(HashCode(seed, number))), number, report));
    }

    private static int HashCode(int seed, int number) => unchecked((seed * 397) ^ (number * 7919));

    private static async Task SendOneAsync(HttpClient http, ServerProcess server, Spoiler spoiler, int number, FuzzReport report)
    {
        var target = spoiler.Pick(Targets.All);
        switch (spoiler.Pick([.. Enumerable.Repeat(0, 17), 1, 1, 2]))
        {
            case 1:
                var raw = await new RawRequests(spoiler).SendAsync(new Uri(server.Http), target.Path);
                report.Count("(raw TCP)", raw.Length > 12 ? raw[9..12] : "closed");
                Check(raw.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !raw.StartsWith("HTTP/1.1 505", StringComparison.Ordinal) && !target.Path.EndsWith("/report", StringComparison.Ordinal), "answered 5xx", raw);
                Check(Canaries.In(raw) is not null && !target.Path.EndsWith("/test", StringComparison.Ordinal), "answers a secret", raw);
                break;
            case 2:
                using (var request = new GrpcRequests(spoiler).Make(server.Grpc))
                {
                    var answer = await AskAsync(http, request, LongestAnswer);
                    report.Count("(gRPC)", answer?.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "cut");
                    Check(answer?.Status >= 500, "answered 5xx", answer?.Body ?? "");
                }

                break;
            default:
                using (var request = new RequestMaker(spoiler).Make(target, server.Http))
                {
                    var spoiltPath = request.RequestUri!.AbsolutePath != target.Path || request.Method.Method != target.Method;
                    var answer = await AskAsync(http, request, target.Waits ? LongestStream : LongestAnswer);
                    report.Count(target.Path, answer?.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "cut");
                    if (answer is null)
                        Check(!target.Waits, "got no answer", "");
                    else if (answer != Answer.Unsent && !IsOfAnotherSurface(answer))
                        CheckAnswer(target, request.Method.Method == "HEAD", spoiltPath, answer);
                }

                break;
        }

        void CheckAnswer(Target asked, bool head, bool spoilt, Answer answer)
        {
            var shape = spoilt ? Shapes.Any : asked.Shape;
            Check(answer.Status >= 500 && !IsMeant(asked, answer), "answered 5xx", answer.Body);
            Check(!spoilt && !shape.Statuses.Contains(answer.Status), $"answered {answer.Status}", answer.Body);
            Check(!head && !shape.Fits(answer), $"answered {answer.Status} in another shape", answer.Body);
            // An echo shows what it was sent, the key's own member left out.
            Check(Canaries.In(answer.Body) is not null && !asked.Path.EndsWith("/test", StringComparison.Ordinal), "answers a secret", answer.Body);
        }

        void Check(bool wrong, string what, string body)
        {
            if (wrong)
                report.Violations.Enqueue($"request {number}: {target.Path} {what}: {body[..Math.Min(body.Length, 300)]}");
        }
    }

    /// <summary>DeathByCaptcha documents 503 for the report of a captcha that is not the caller's; no account could serve what names another provider.</summary>
    private static bool IsMeant(Target target, Answer answer) => answer.Status == 503
        && (target.Path.EndsWith("/report", StringComparison.Ordinal) || answer.Body.Contains("NO_PROVIDERS_AVAILABLE", StringComparison.Ordinal));

    /// <summary>HTTP that cannot be read is refused before it comes to any surface, without a body; gRPC-Web answers in frames of its own.</summary>
    private static bool IsOfAnotherSurface(Answer answer) =>
        answer is { Status: 400 or 408 or 411 or 414 or 431 or 505, Body: "", Type: "" }
        || (answer.Status == 200 && answer.Type.StartsWith("application/grpc-web", StringComparison.Ordinal));

    /// <summary>The answer, what came of it within the bound, or null when there was none.</summary>
    private static async Task<Answer?> AskAsync(HttpClient http, HttpRequestMessage request, TimeSpan longest)
    {
        using var timeUp = new CancellationTokenSource(longest, TimeProvider.System);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeUp.Token);
            var body = "";
            try
            {
                body = await response.Content.ReadAsStringAsync(timeUp.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or InvalidOperationException)
            {
                // A stream that goes on, or a body cut by a refusal of the request's.
            }

            return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", response.Headers.RetryAfter is not null, body);
        }
        catch (Exception exception) when (exception is OperationCanceledException)
        {
            return null;
        }
        catch (HttpRequestException)
        {
            // The server answered 413 and closed while the body was still coming, or the request could not be sent.
            return Answer.Unsent;
        }
    }

    private static async Task CheckAliveAsync(HttpClient http, ServerProcess server, FuzzReport report)
    {
        using var response = await http.GetAsync(server.Http + "/healthz");
        if (response.StatusCode != HttpStatusCode.OK)
            report.Violations.Enqueue("The server does not answer any more.");
    }
}
