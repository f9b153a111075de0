using Microsoft.Extensions.Options;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding.Http;

// What the handlers of all methods share.
internal sealed record CallServices(
    ProtoJsonCodec Codec, IRenderingProfileSelector Profiles, ErrorResponder Errors, IOptions<JsonTranscodingOptions> Options, TimeProvider Time);
