using System.Net.Http.Headers;
using System.Text;

namespace UCaptcha.Fuzz;

/// <summary>What came back.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The media type, or empty.</param>
/// <param name="Bytes">The body, or what there was of it.</param>
internal sealed record Answer(int Status, string Type, byte[] Bytes)
{
    /// <summary>The request did not get through whole, and its answer is not known.</summary>
    public static Answer Unsent { get; } = new(0, "", []);

    /// <summary>The headers, or null when none came.</summary>
    public HttpResponseHeaders? Headers { get; init; }

    /// <summary>The body as text.</summary>
    public string Body { get; } = Encoding.UTF8.GetString(Bytes);

    /// <summary>A header's text, or null.</summary>
    public string? Header(string name) => Headers is { } headers && headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
