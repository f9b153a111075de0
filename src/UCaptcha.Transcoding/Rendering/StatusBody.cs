using System.Text.Json;
using Google.Rpc;

namespace UCaptcha.Transcoding.Rendering;

// google.rpc.Status as HTTP APIs show it (AIP-193): {"error":{"code":429,"message":"...","status":"RESOURCE_EXHAUSTED","details":[...]}}.
internal static class StatusBody
{
    public static void Write(TranscodingError error, int httpStatus, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, httpStatus);
        writer.WriteString("message"u8, error.Detail);
        writer.WriteString("status"u8, JsonNamingPolicy.SnakeCaseUpper.ConvertName(((Code)error.StatusCode).ToString()));
        WriteDetails(error, writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteDetails(TranscodingError error, Utf8JsonWriter writer)
    {
        if (error.Reason is null && error.Contract is null && error.TraceId is null)
            return;

        writer.WriteStartArray("details"u8);
        if (error.Reason is not null)
        {
            WriteType(writer, "google.rpc.ErrorInfo");
            writer.WriteString("reason"u8, error.Reason);
            writer.WriteString("domain"u8, error.Domain);
            writer.WriteStartObject("metadata"u8);
            foreach (var (key, value) in error.Metadata)
                writer.WriteString(key, value);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        if (error.Contract is { Path.Length: > 0 } contract)
        {
            WriteType(writer, "google.rpc.BadRequest");
            writer.WriteStartArray("fieldViolations"u8);
            writer.WriteStartObject();
            writer.WriteString("field"u8, contract.Path);
            writer.WriteString("description"u8, contract.Message);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        if (error.TraceId is not null)
        {
            WriteType(writer, "google.rpc.RequestInfo");
            writer.WriteString("requestId"u8, error.TraceId);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteType(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("@type"u8, "type.googleapis.com/" + name);
    }
}
