using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using UCaptcha.Transcoding.Codec;

namespace UCaptcha.Transcoding.Rendering;

/// <summary>What transcoding knows of a request, for handlers and middleware. A feature of the HttpContext; absent in gRPC calls.</summary>
/// <param name="Profile">The profile that renders the response.</param>
/// <param name="Prefix">The path prefix that the request came in by, or null.</param>
/// <param name="Method">The method that is called; null for an unknown path.</param>
/// <param name="Request">The request message; null when it cannot be read or the path is unknown.</param>
/// <param name="Misfit">
/// The first value of the request that does not fit its field, or null. Such values are not in the message, which interceptors see, so that they can
/// refuse the caller first, and handlers do not.
/// </param>
public sealed record TranscodingFeature(
    RenderingProfile Profile, string? Prefix, MethodDescriptor? Method, IMessage? Request, JsonContractException? Misfit = null)
{
    /// <summary>The feature of a request, or null when it did not come in through transcoding.</summary>
    public static TranscodingFeature? Of(HttpContext context) => context.Features.Get<TranscodingFeature>();
}
