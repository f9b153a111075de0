using System.Text;
using Google.Protobuf;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests;

// The codec of the test protos, and short ways to use it.
internal static class Codecs
{
    public static ProtoJsonOptions Options => new()
    {
        OpenField = OptionsExtensions.Open,
        AcceptsNumbers = OptionsExtensions.AcceptsNumbers,
        WithoutJson = OptionsExtensions.WithoutJson,
        EnumText = OptionsExtensions.JsonValue,
    };

    public static ProtoJsonCodec Default { get; } = new(Options);

    public static T Read<T>(string json) where T : class, IMessage<T>, new() => Default.Read<T>(Encoding.UTF8.GetBytes(json));

    public static string Write(IMessage message) => Encoding.UTF8.GetString(Default.ToUtf8Bytes(message));

    public static JsonContractException Refused<T>(string json) where T : class, IMessage<T>, new() =>
        Assert.Throws<JsonContractException>(() => Read<T>(json));
}
