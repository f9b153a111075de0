using System.Net.Sockets;
using System.Text;

namespace UCaptcha.Fuzz;

/// <summary>Sends what no HTTP client sends: noise and broken HTTP, straight over TCP.</summary>
internal sealed class RawRequests(Spoiler spoiler)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(400);

    public static async Task SendAsync(Shot shot)
    {
        var forAdmins = shot.Spoiler.Chance(25);
        var path = shot.Spoiler.Pick(forAdmins ? AdminTargets.All : Targets.All).Path;
        var raw = await new RawRequests(shot.Spoiler).SendAsync(new Uri(forAdmins ? shot.Server.Admin : shot.Server.Http), path);
        shot.Report.Count("(raw TCP)", raw.Length > 12 ? raw[9..12] : "closed");
        var isServerError = raw.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !raw.StartsWith("HTTP/1.1 505", StringComparison.Ordinal);
        shot.Check(isServerError && !path.EndsWith("/report", StringComparison.Ordinal), path, "answered 5xx", raw);
        shot.Check(Canaries.In(raw) is not null && !path.EndsWith("/test", StringComparison.Ordinal), path, "answers a secret", raw);
    }

    /// <summary>Sends it and returns whatever came back, up to a bound in time.</summary>
    private async Task<string> SendAsync(Uri address, string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        using var timeUp = new CancellationTokenSource(Longest, TimeProvider.System);
        var answer = new MemoryStream();
        try
        {
            var stream = client.GetStream();
            await stream.WriteAsync(Bytes(path), timeUp.Token);
            if (spoiler.Chance(50))
                client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, timeUp.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // Closed or reset by the server, or kept open: all of it is allowed.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    private byte[] Bytes(string path)
    {
        var key = Canaries.Key;
        string[] requests =
        [
            $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{{\"clientKey\":\"{key}\"",
            $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            $"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{key}\r\n0\r\n\r\n",
            $"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            $"GET {path}?key={key} HTTP/9.9\r\nHost: x\r\n\r\n",
            $"GET {path} HTTP/1.1\r\nx-api-key: {key}\r\n\r\n",
            $"GET {path} HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
            $"GET {path} HTTP/1.1\r\nHost: x\r\nBad Header {key}\r\n\r\n",
            $"GET {path} HTTP/1.1\r\nHost: x\r\nX: {new string('h', 40_000)}\r\n\r\n",
            $"{new string('M', 300)} {path} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /{new string('p', 10_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"POST {path} HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nContent-Length: 2\r\n\r\n{{}}",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ];
        var bytes = spoiler.Chance(20) ? spoiler.Noise(3000) : Encoding.Latin1.GetBytes(spoiler.Pick(requests));
        return spoiler.Chance(30) ? spoiler.SpoilBytes(bytes) : bytes;
    }
}
