using Google.Protobuf;
using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding;

/// <summary>Settings of JSON transcoding.</summary>
public sealed class JsonTranscodingOptions
{
    /// <summary>Limits of the JSON that is read, its size among them, and the custom options of the contract.</summary>
    public ProtoJsonOptions Json { get; } = new();

    /// <summary>
    /// The field option that marks a string by which a stream can be resumed: in its messages it is the id of each server-sent event, and one in its
    /// request is set from the header Last-Event-ID. A message that has nothing but its id is an event without data, which no page hears of.
    /// </summary>
    public Extension<FieldOptions, bool>? EventId { get; set; }

    /// <summary>
    /// Whether a method refuses a member of its request, at any depth, and a query parameter that is none of its fields, so that a typing error changes
    /// nothing; no method does unless it is set, and such names are passed over. What an open field or a google.protobuf.Struct takes is never unknown.
    /// Such a method refuses also a member of the body that says something else than the path; with others the path prevails, as in google.api.http.
    /// </summary>
    public Func<MethodDescriptor, bool> RefusesUnknownNames { get; set; } = static _ => false;

    /// <summary>Where bodies are gathered that come in pieces; without it every caller may have one of the largest size at once.</summary>
    public BodyRoom? BodyRoom { get; set; }

    /// <summary>Path prefixes, such as <c>/v1</c>, under which every path is served; an <see cref="IRenderingProfileSelector"/> is told.</summary>
    public IList<string> PathPrefixes { get; } = [];

    /// <summary>The profile where no <see cref="IRenderingProfileSelector"/> chooses another; also used when the selector fails.</summary>
    public RenderingProfile DefaultProfile { get; set; } = new("default");
}
