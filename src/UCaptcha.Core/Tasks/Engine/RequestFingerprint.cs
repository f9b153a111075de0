using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>SHA-256 over what a request asks for, whatever the order of its members: the same request has the same fingerprint.</summary>
internal static class RequestFingerprint
{
    public static byte[] Of(NewTask request)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(request.CallbackUrl);
            writer.WriteNumberValue((int)request.Mode);
            writer.WriteStringValue(request.Provider);
            using (var document = JsonDocument.Parse(request.Json))
                WriteSorted(writer, document.RootElement);
            writer.WriteEndArray();
        }

        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteSorted(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    WriteSorted(writer, item);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
