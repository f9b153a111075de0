using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace UCaptcha.Transcoding.Rendering;

// The same profile for everybody.
internal sealed class DefaultProfileSelector(IOptions<JsonTranscodingOptions> options) : IRenderingProfileSelector
{
    public ValueTask<RenderingProfile> SelectAsync(HttpContext context, string? prefix, IMessage? request) => new(options.Value.DefaultProfile);
}
