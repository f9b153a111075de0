using System.Text;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Codec;

public sealed class LimitTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    public void Read_OfNothing_IsEmpty(string json) => Assert.Equal(JsonContractErrorKind.Empty, Codecs.Refused<Kinds>(json).Kind);

    [Theory]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/**/}")]
    [InlineData("{}//")]
    [InlineData("{'a':1}")]
    [InlineData("{\"stringValue\":\"a")]
    [InlineData("{\"stringValue\":\"a\n\"}")]
    [InlineData("{\"unknown\":[1,}")]
    [InlineData("{\"int32Value\":01}")]
    [InlineData("{\"doubleValue\":NaN}")]
    public void Read_OfWhatIsNotJson_IsMalformed(string json) => Assert.Equal(JsonContractErrorKind.Malformed, Codecs.Refused<Kinds>(json).Kind);

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    public void Read_OfAnotherRoot_IsTheWrongType(string json)
    {
        var error = Codecs.Refused<Kinds>(json);

        Assert.Equal((JsonContractErrorKind.WrongType, "", "The body must be an object."), (error.Kind, error.Path, error.Message));
    }

    [Theory]
    [InlineData("{\"child\":", "}")]
    [InlineData("{\"unknown\":", "}")]
    [InlineData("{\"anyObject\":", "}")]
    [InlineData("[", "]")]
    [InlineData("{\"anyValue\":[", "]}")]
    [InlineData("{\"unknown\":[", "]}")]
    public void Read_OfTenThousandLevels_IsTooDeep(string open, string close)
    {
        var json = string.Concat(Enumerable.Repeat(open, 10_000)) + "{}" + string.Concat(Enumerable.Repeat(close, 10_000));

        var kinds = Codecs.Refused<Kinds>(open[0] == '[' ? "{\"anyValue\":" + json + "}" : json).Kind;
        var root = Assert.Throws<JsonContractException>(() => Codecs.Default.Read<Value>(Encoding.UTF8.GetBytes(json))).Kind;

        Assert.Equal((JsonContractErrorKind.TooDeep, JsonContractErrorKind.TooDeep), (kinds, root));
    }

    [Theory]
    [InlineData("{\"anyValue\":", "}")]
    [InlineData("{\"unknown\":", "}")]
    public void Read_AtTheDepthLimit_IsRead(string open, string close)
    {
        string Nested(int levels) => open + new string('[', levels - 1) + new string(']', levels - 1) + close;

        Codecs.Read<Kinds>(Nested(30));
        Assert.Equal(JsonContractErrorKind.TooDeep, Codecs.Refused<Kinds>(Nested(31)).Kind);
    }

    [Fact]
    public void Read_AtTheHighestDepth_SurvivesTheWire()
    {
        var codec = new ProtoJsonCodec(new ProtoJsonOptions { MaxDepth = ProtoJsonOptions.HighestMaxDepth });
        var json = string.Concat(Enumerable.Repeat("{\"a\":", 31)) + "{}" + new string('}', 31);
        var read = codec.Read<Struct>(Encoding.UTF8.GetBytes(json));

        Assert.Equal(read, Struct.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(read)));
    }

    [Fact]
    public void Read_OfMoreThanTheLimit_IsTooLarge()
    {
        var codec = new ProtoJsonCodec(new ProtoJsonOptions { MaxSize = 10 });

        Assert.Equal("", codec.Read<Kinds>("{        }"u8).StringValue);
        Assert.Equal(JsonContractErrorKind.TooLarge, Assert.Throws<JsonContractException>(() => codec.Read<Kinds>("{         }"u8)).Kind);
        Assert.Equal(JsonContractErrorKind.TooLarge, Assert.Throws<JsonContractException>(() => Codecs.Default.Read<Kinds>(new byte[5 << 20])).Kind);
    }

    [Fact]
    public void Read_OfBytesThatAreNotUtf8_IsRefused()
    {
        byte[] json = [.. "{\"stringValue\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        Assert.Equal(JsonContractErrorKind.InvalidUtf8, Assert.Throws<JsonContractException>(() => Codecs.Default.Read<Kinds>(json)).Kind);
    }

    [Theory]
    [InlineData("{\"stringValue\":\"\\ud800\"}", "stringValue")]
    [InlineData("{\"anyObject\":{\"a\":\"\\udc00x\"}}", "anyObject.a")]
    [InlineData("{\"words\":{\"\\ud800\":\"\"}}", "words")]
    [InlineData("{\"\\ud800\":1}", "")]
    public void Read_OfHalfASurrogatePair_IsRefused(string json, string path)
    {
        var error = Codecs.Refused<Kinds>(json);

        Assert.Equal((JsonContractErrorKind.InvalidUtf8, path), (error.Kind, error.Path));
    }

    [Fact]
    public void Read_OfAByteOrderMark_PassesOverIt() =>
        Assert.Equal("a", Codecs.Default.Read<Kinds>([0xEF, 0xBB, 0xBF, .. "{\"stringValue\":\"a\"}"u8]).StringValue);

    [Fact]
    public void Read_OfEscapes_UndoesThem()
    {
        var read = Codecs.Read<Kinds>("""{"stri\u006egValue":"\u00e9\ud83d\ude00\n","words":{"\u0061":"\"b"},"\u0063olor":"\u0072ed"}""");

        Assert.Equal(("é😀\n", "\"b", Color.Red), (read.StringValue, read.Words["a"], read.Color));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(33, 1)]
    [InlineData(1, 0)]
    public void Options_OutOfRange_AreRefused(int depth, int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProtoJsonCodec(new ProtoJsonOptions { MaxDepth = depth, MaxSize = size }));
}
