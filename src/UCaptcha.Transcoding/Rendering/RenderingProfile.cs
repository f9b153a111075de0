using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using UCaptcha.Transcoding.Codec;

namespace UCaptcha.Transcoding.Rendering;

/// <summary>
/// How the JSON surface looks to a client: bodies, HTTP statuses and headers. As it stands, a profile writes messages by the codec and errors in the
/// form of google.rpc.Status (AIP-193); a host derives its own. A profile holds no state of a request, and what it writes is usable outside HTTP too.
/// </summary>
/// <param name="name">A name to choose it by.</param>
public class RenderingProfile(string name)
{
    /// <summary>A name to choose it by.</summary>
    public string Name { get; } = name;

    /// <summary>The content type of bodies with one message or an error.</summary>
    public virtual string ContentType => "application/json";

    /// <summary>The HTTP status of a message; 200 unless overridden. The status of a stream is always 200.</summary>
    public virtual int GetStatusCode(MethodDescriptor method, IMessage message) => StatusCodes.Status200OK;

    /// <summary>Writes a message as one JSON value.</summary>
    /// <param name="method">The method that answers, or whose answer is shown.</param>
    /// <param name="message">Its response message.</param>
    /// <param name="codec">Writes messages and their members.</param>
    /// <param name="writer">Expects one value.</param>
    public virtual void WriteResponse(MethodDescriptor method, IMessage message, ProtoJsonCodec codec, Utf8JsonWriter writer) =>
        codec.Write(message, writer);

    /// <summary>The HTTP status of an error.</summary>
    public virtual int GetErrorStatusCode(TranscodingError error) => HttpStatusMap.For(error);

    /// <summary>Sets headers of an error response; Retry-After and Allow where the error knows them.</summary>
    public virtual void AddErrorHeaders(TranscodingError error, IHeaderDictionary headers)
    {
        if (error.RetryDelay is { } delay)
            headers.RetryAfter = Math.Max(1, Math.Ceiling(delay.TotalSeconds)).ToString("F0", CultureInfo.InvariantCulture);
        if (error.AllowedMethods.Count > 0)
            headers.Allow = string.Join(", ", error.AllowedMethods);
    }

    /// <summary>Writes an error as one JSON value: the body of an error response, or the last message of a stream.</summary>
    public virtual void WriteError(TranscodingError error, Utf8JsonWriter writer) => StatusBody.Write(error, GetErrorStatusCode(error), writer);
}
