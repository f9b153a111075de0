using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Services;
using UCaptcha.Transcoding.Codec;
using UCaptcha.V1;

namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>Writes news as getTaskResult answers them in the dialect of the task, with the task's id where the dialect leaves it out.</summary>
internal sealed class ResultBody(TaskMessages messages, DialectCatalogue dialects, ProtoJsonCodec codec)
{
    private static readonly MethodDescriptor GetTaskResult = CaptchaService.Descriptor.FindMethodByName("GetTaskResult");

    // Tokens as they are; no browser reads this as a page.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes to send.</summary>
    public static byte[] ToBytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body, Plain);

    /// <param name="news">The news.</param>
    /// <param name="shortIds">Whether the dialect has short ids rather than UUIDs.</param>
    public JsonObject Write(CallbackNews news, bool shortIds)
    {
        var message = messages.Result(news.View);
        message.TaskId = news.View.Id.ToString();
        if (news.IsThin)
        {
            message.ClearCost();
            message.ClearSolveTime();
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            dialects.Find(news.Callback.Dialect).WriteResponse(GetTaskResult, message, codec, writer);
        var body = JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
        body.TryAdd("taskId", shortIds ? news.View.ShortId : news.View.Id.ToString());
        return body;
    }
}
