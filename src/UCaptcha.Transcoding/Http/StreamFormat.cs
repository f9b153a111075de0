using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace UCaptcha.Transcoding.Http;

// How the messages of a stream are told apart, and how the id of one is said, where it can be.
internal sealed record StreamFormat(string ContentType, byte[] MessageStart, byte[] ErrorStart, byte[] End, byte[]? IdStart)
{
    public static readonly StreamFormat Lines = new("application/x-ndjson", [], [], "\n"u8.ToArray(), IdStart: null);

    // Server-sent events (WHATWG HTML, section 9.2). JSON as it is written here holds no line break.
    public static readonly StreamFormat Events =
        new("text/event-stream", "data: "u8.ToArray(), "event: error\ndata: "u8.ToArray(), "\n\n"u8.ToArray(), "id: "u8.ToArray());

    public static StreamFormat For(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals(Events.ContentType, StringComparison.OrdinalIgnoreCase) && type.Quality is null or > 0)
            ? Events
            : Lines;
}
