using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Codec;

public sealed class OpenFieldTests
{
    [Fact]
    public void Read_OfMembersThatNoFieldClaims_KeepsThem()
    {
        var read = Codecs.Read<Job>("""{"type":"T","Odd":{"a":[1,null,"x"]},"odd":2,"extra":true,"gone":null}""");

        Assert.Equal("T", read.Type);
        Assert.Equal(["Odd", "odd", "extra", "gone"], read.Extra.Fields.Keys);
        Assert.True(read.Extra.Fields["extra"].BoolValue);
        Assert.Equal(Value.KindOneofCase.NullValue, read.Extra.Fields["gone"].KindCase);
    }

    [Fact]
    public void Read_OfNothingUnclaimed_LeavesTheOpenFieldUnset() => Assert.Null(Codecs.Read<Job>("""{"type":"T"}""").Extra);

    [Fact]
    public void Write_OfAnOpenField_IsFlat() =>
        Assert.Equal(
            """{"type":"T","websiteURL":"","websiteKey":"","color":"COLOR_UNSPECIFIED","odd":[1],"extra":{}}""",
            Codecs.Write(new Job
            {
                Type = "T",
                Extra = new Struct { Fields = { ["odd"] = Value.ForList(Value.ForNumber(1)), ["extra"] = Value.ForStruct(new Struct()) } },
            }));

    [Theory]
    [InlineData("type")]
    [InlineData("TYPE")]
    [InlineData("proxyPort")]
    [InlineData("Proxy_Port")]
    public void Write_OfANameThatATypedFieldHas_LetsTheTypedFieldWin(string name) =>
        Assert.Equal(
            """{"type":"T","websiteURL":"","websiteKey":"","color":"COLOR_UNSPECIFIED"}""",
            Codecs.Write(new Job { Type = "T", Extra = new Struct { Fields = { [name] = Value.ForString("other") } } }));

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("-9007199254740993")]
    [InlineData("123456789012345678901234567890")]
    public void Read_OfAnIntegerThatADoubleCannotHold_IsRefusedByName(string number)
    {
        var error = Codecs.Refused<CreateJobRequest>("{\"task\":{\"odd\":[" + number + "]}}");

        Assert.Equal((JsonContractErrorKind.OutOfRange, "task.odd[0]"), (error.Kind, error.Path));
        Assert.StartsWith("task.odd[0] must be an integer that a double holds exactly", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740994")]
    [InlineData("-9223372036854775808")]
    [InlineData("100000000000000000000")]
    [InlineData("0.1")]
    [InlineData("1000000000000000")]
    public void Read_OfANumberThatADoubleHolds_IsWrittenAsItCame(string number) =>
        Assert.EndsWith($",\"odd\":{number}}}", Codecs.Write(Codecs.Read<Job>("{\"odd\":" + number + "}")), StringComparison.Ordinal);

    [Fact]
    public void Read_OfANumberThatNoDoubleHolds_IsRefused() =>
        Assert.Equal(JsonContractErrorKind.OutOfRange, Codecs.Refused<Job>("""{"odd":1e400}""").Kind);

    [Fact]
    public void Write_OfAStructWithNaN_IsUnsupported() =>
        Assert.Equal(JsonContractErrorKind.Unsupported, Assert.Throws<JsonContractException>(() => Codecs.Write(Value.ForNumber(double.NaN))).Kind);

    [Fact]
    public void Codec_WithoutTheOption_HasNoOpenFields()
    {
        var codec = new ProtoJsonCodec();
        var read = codec.Read<Job>("""{"TYPE":"x","odd":1,"extra":{"a":1}}"""u8);

        Assert.Equal("", read.Type);
        Assert.Equal(["a"], read.Extra.Fields.Keys);
    }

    [Fact]
    public void WriteMembers_WithACallersOwn_WritesThoseInstead()
    {
        var job = new Job { Type = "T", Id = "42", Extra = new Struct { Fields = { ["odd"] = Value.ForNull() } } };
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new System.Text.Json.Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            Codecs.Default.WriteMembers(job, writer, (message, field, inner) =>
            {
                switch (field.Name)
                {
                    case "id":
                        inner.WriteNumber("id", 42);
                        return true;
                    case "proxy_port":
                        inner.WriteNull("proxyPort");
                        return true;
                    default:
                        return field.FieldType is FieldType.Enum || field.Name.StartsWith("website", StringComparison.Ordinal);
                }
            });
            writer.WriteBoolean("added", true);
            writer.WriteEndObject();
        }

        Assert.Equal("""{"type":"T","proxyPort":null,"id":42,"odd":null,"added":true}""", System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
