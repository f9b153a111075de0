using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace UCaptcha.Proof.Tests.Admin;

/// <summary>The server died under a call.</summary>
internal sealed class DiedException : Exception;

/// <summary>Does what every caller may do with a refusal that is worth another try: tries again, until something else is said.</summary>
/// <param name="baseAddress">Where.</param>
/// <param name="adminKey">For the admin port, or null.</param>
/// <param name="dies">Whether the server is to be taken for dead after a refusal.</param>
internal sealed class StubbornCaller(string baseAddress, string? adminKey, Func<bool> dies) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(baseAddress), DefaultRequestHeaders = { { "x-admin-key", adminKey ?? "none" } } };

    /// <summary>What was said that should never be.</summary>
    public List<string> Outrages { get; } = [];

    /// <summary>Calls until the answer is none of "try again"; any answer but those expected is an outrage.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body, params HttpStatusCode[] expected)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                if (dies())
                    throw new DiedException();
                await Task.Delay(10);
                continue;
            }

            if (response.StatusCode != HttpStatusCode.OK && !expected.Contains(response.StatusCode))
                Outrages.Add($"{method} {path} was answered {(int)response.StatusCode} {text}");
            return (response.StatusCode, JsonElement.Parse(text));
        }
    }

    public async Task<JsonElement> PostAsync(string path, object body, params HttpStatusCode[] expected) =>
        (await SendAsync(HttpMethod.Post, path, body, expected)).Body;

    public async Task<JsonElement> GetAsync(string path) => (await SendAsync(HttpMethod.Get, path, body: null)).Body;

    public void Dispose() => _http.Dispose();
}
