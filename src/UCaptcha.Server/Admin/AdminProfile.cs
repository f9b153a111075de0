using System.Text.Json;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Errors;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Admin;

/// <summary>How the admin port answers in JSON: errors in the plain form of google.rpc.Status, each with its reason.</summary>
internal sealed class AdminProfile() : RenderingProfile("admin")
{
    public override void WriteError(TranscodingError error, Utf8JsonWriter writer) =>
        base.WriteError(error.Reason is null ? error with { Reason = NativeErrors.CodeOf(error), Domain = ErrorTable.Domain } : error, writer);
}
