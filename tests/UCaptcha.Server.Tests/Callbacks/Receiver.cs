using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace UCaptcha.Server.Tests.Callbacks;

// A receiver of callbacks on a raw socket: keeps each request and answers what it is told to, or nothing.
internal sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly Task _accepting;

    public Receiver(Func<int, string?> answer, int port = 0)
    {
        Answer = answer;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    // The number of the request, from 1, to the whole answer; null never answers.
    public Func<int, string?> Answer { get; }

    public ConcurrentQueue<string> Requests { get; } = new();

    // Paths on which it hangs up without an answer.
    public Func<string, bool> HangsUp { get; init; } = _ => false;

    // After what it answered it goes on, one character after the other.
    public bool Drips { get; init; }

    public int Drops { get; private set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}/hook?user=1";

    public static string BodyOf(string request) => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    public static string? HeaderOf(string request, string name) =>
        request.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    public static string Status(string status) => $"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _conversations]);
        _end.Dispose();
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var length = request.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
        return request.Length >= end + 4 + (length is null ? 0 : int.Parse(length.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _conversations.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var closing = client;
        try
        {
            var stream = client.GetStream();
            var text = new StringBuilder();
            var buffer = new byte[4096];
            while (!IsWhole(text.ToString()))
            {
                var read = await stream.ReadAsync(buffer, _end.Token);
                if (read == 0)
                    return;
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }

            Requests.Enqueue(text.ToString());
            if (HangsUp(text.ToString().Split(' ')[1]))
                return;
            if (Answer(Requests.Count) is { } answer)
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), _end.Token);
            while (Drips)
            {
                await stream.WriteAsync("a"u8.ToArray(), _end.Token);
                Drops++;
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, _end.Token);
            }

            while (await stream.ReadAsync(buffer, _end.Token) > 0)
            {
                // Until the caller closes.
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the caller has gone.
        }
    }
}
