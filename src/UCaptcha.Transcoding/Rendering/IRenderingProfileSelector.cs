using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace UCaptcha.Transcoding.Rendering;

/// <summary>Chooses the profile that renders a response. Asked once for each request, before its handler runs.</summary>
public interface IRenderingProfileSelector
{
    /// <summary>The profile for a request.</summary>
    /// <param name="context">The request; its <see cref="TranscodingFeature"/> is set only after this.</param>
    /// <param name="prefix">The path prefix of <see cref="JsonTranscodingOptions.PathPrefixes"/> that the request came in by, or null.</param>
    /// <param name="request">
    /// The request message, without the values that do not fit their fields; null when it cannot be read or the path is unknown.
    /// </param>
    ValueTask<RenderingProfile> SelectAsync(HttpContext context, string? prefix, IMessage? request);
}
