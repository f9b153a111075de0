using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Services;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;
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

    /// <summary>The task's id as the dialect writes it.</summary>
    public JsonNode IdOf(CallbackNews news) =>
        ProfileOf(news) is DialectProfile { Dialect.NumericIds: true } ? news.View.ShortId : news.View.Id.ToString();

    public JsonObject Write(CallbackNews news)
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
            ProfileOf(news).WriteResponse(GetTaskResult, message, codec, writer);
        var body = JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
        body.TryAdd("taskId", IdOf(news));
        return body;
    }

    private RenderingProfile ProfileOf(CallbackNews news) => dialects.Find(news.Callback.Dialect);
}
