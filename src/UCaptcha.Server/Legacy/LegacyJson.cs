using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UCaptcha.Server.Legacy;

/// <summary>JSON as these APIs wrote it: tokens as they are, for clients that cut them out with a pattern. No browser reads this as a page.</summary>
internal static class LegacyJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode node) => node.ToJsonString(Plain);
}
