using System.Net.Http.Headers;

namespace UCaptcha.Transcoding.Tests.Http;

// A response, read to its end.
internal sealed record Answer(
    int Status, string Body, string? ContentType, long? Length, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public static async Task<Answer> OfAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(),
        response.Content.Headers.ContentType?.ToString(),
        response.Content.Headers.ContentLength,
        response.Headers,
        response.Content.Headers);

    public string Header(string name) => string.Join(", ", Headers.TryGetValues(name, out var values) ? values : []);
}
