using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>A client of the admin port's JSON.</summary>
internal sealed class AdminApi : IDisposable
{
    public const string Key = "admin-key-of-the-tests";

    private readonly HttpClient _http;

    /// <param name="server">What is administered.</param>
    /// <param name="key">The admin key; null for none.</param>
    /// <param name="from">The address that it calls from; null for the usual one.</param>
    public AdminApi(ServerProcess server, string? key = Key, IPAddress? from = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (call, cancellation) => ConnectAsync(from ?? IPAddress.Loopback, call.DnsEndPoint, cancellation) })
        {
            BaseAddress = new Uri(server.Admin),
        };
        if (key is not null)
            _http.DefaultRequestHeaders.Add("x-admin-key", key);
    }

    /// <summary>Every answer so far, for what must never be in one.</summary>
    public List<string> Answers { get; } = [];

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Answers.Add(text);
        return (response.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    public async Task<JsonElement> GetAsync(string path) => await OkAsync(HttpMethod.Get, path);

    public async Task<JsonElement> PostAsync(string path, string body = "{}") => await OkAsync(HttpMethod.Post, path, body);

    public async Task<JsonElement> PatchAsync(string path, string body) => await OkAsync(HttpMethod.Patch, path, body);

    public async Task<JsonElement> DeleteAsync(string path) => await OkAsync(HttpMethod.Delete, path);

    public async Task<string> MetricsAsync()
    {
        var text = await _http.GetStringAsync("/metrics");
        Answers.Add(text);
        return text;
    }

    /// <summary>The sentence of a refusal, after a look at its status.</summary>
    public async Task<string> RefusedAsync(HttpMethod method, string path, string? body, HttpStatusCode status, string reason)
    {
        var (actual, answer) = await SendAsync(method, path, body);
        Assert.True(status == actual, answer.ToString());
        var error = answer.GetProperty("error");
        Assert.Equal(reason, error.GetProperty("details")[0].GetProperty("reason").GetString());
        return error.GetProperty("message").GetString()!;
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(IPAddress from, DnsEndPoint to, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(to, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task<JsonElement> OkAsync(HttpMethod method, string path, string? body = null)
    {
        var (status, answer) = await SendAsync(method, path, body);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return answer;
    }
}
