using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Codec;

public sealed class PresenceTests
{
    [Fact]
    public void Write_OfAnEmptyMessage_HasItsPlainScalarsAndNothingElse() => Assert.Equal(
        "{\"doubleValue\":0,\"floatValue\":0,\"int32Value\":0,\"int64Value\":0,\"uint32Value\":0,\"uint64Value\":0,\"sint32Value\":0,"
        + "\"sint64Value\":0,\"fixed32Value\":0,\"fixed64Value\":0,\"sfixed32Value\":0,\"sfixed64Value\":0,\"boolValue\":false,\"stringValue\":\"\","
        + "\"bytesValue\":\"\",\"color\":\"COLOR_UNSPECIFIED\",\"nothing\":null}",
        Codecs.Write(new Kinds()));

    [Fact]
    public void FieldWithoutJson_IsNeitherReadNorWritten()
    {
        Assert.Equal("{\"shown\":\"a\"}", Codecs.Write(new Partial { Shown = "a", Hidden = "b" }));
        Assert.Equal(new Partial { Shown = "a" }, Codecs.Read<Partial>("""{"shown":"a","hidden":"b"}"""));
    }

    [Fact]
    public void Write_OfOptionalFields_HasThoseThatAreSet()
    {
        var json = Codecs.Write(new Kinds { OptionalInt32 = 0, OptionalString = "", OptionalColor = Color.Unspecified, WrappedBool = false });

        Assert.Contains("\"optionalString\":\"\"", json, StringComparison.Ordinal);
        Assert.Contains("\"optionalInt32\":0", json, StringComparison.Ordinal);
        Assert.Contains("\"optionalColor\":\"COLOR_UNSPECIFIED\"", json, StringComparison.Ordinal);
        Assert.Contains("\"wrappedBool\":false", json, StringComparison.Ordinal);
        Assert.DoesNotContain("optionalBool", json, StringComparison.Ordinal);
        Assert.DoesNotContain("wrappedInt32", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfOptionalFields_KnowsThoseThatWereThere()
    {
        var read = Codecs.Read<Kinds>("""{"optionalInt32":0,"optionalString":"","wrappedInt32":0}""");

        Assert.True(read.HasOptionalInt32 && read.HasOptionalString && read.WrappedInt32 == 0);
        Assert.False(read.HasOptionalBool || read.HasOptionalDouble || read.WrappedInt64 is not null);
    }

    [Theory]
    [InlineData("""{"chosenInt32":0}""", Kinds.ChoiceOneofCase.ChosenInt32)]
    [InlineData("""{"chosenKinds":{}}""", Kinds.ChoiceOneofCase.ChosenKinds)]
    [InlineData("""{"chosenWrapper":""}""", Kinds.ChoiceOneofCase.ChosenWrapper)]
    [InlineData("""{"chosenString":null}""", Kinds.ChoiceOneofCase.None)]
    public void Read_OfAOneof_SetsItsCase(string json, Kinds.ChoiceOneofCase choice)
    {
        var read = Codecs.Read<Kinds>(json);

        Assert.Equal(choice, read.ChoiceCase);
        Assert.Equal(read, Codecs.Read<Kinds>(Codecs.Write(read)));
    }

    [Fact]
    public void Write_OfText_EscapesNoMoreThanJsonRequires() =>
        Assert.Contains("\"stringValue\":\"<é&'\\\"\\n\"", Codecs.Write(new Kinds { StringValue = "<é&'\"\n" }), StringComparison.Ordinal);
}
