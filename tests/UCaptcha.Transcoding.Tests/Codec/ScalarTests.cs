using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Codec;

public sealed class ScalarTests
{
    [Theory]
    [InlineData("8080", 8080)]
    [InlineData("\"8080\"", 8080)]
    [InlineData("-2147483648", int.MinValue)]
    [InlineData("\"2147483647\"", int.MaxValue)]
    [InlineData("1e3", 1000)]
    [InlineData("12.0", 12)]
    [InlineData("\"1.5e1\"", 15)]
    [InlineData("-0", 0)]
    public void Read_OfAWholeNumber_TakesNumberOrString(string json, int value) =>
        Assert.Equal(value, Codecs.Read<Kinds>($$"""{"int32Value":{{json}}}""").Int32Value);

    [Theory]
    [InlineData("int32Value", "2147483699", JsonContractErrorKind.OutOfRange)]
    [InlineData("int32Value", "\"-2147483649\"", JsonContractErrorKind.OutOfRange)]
    [InlineData("int32Value", "1e400", JsonContractErrorKind.OutOfRange)]
    [InlineData("int32Value", "1.5", JsonContractErrorKind.InvalidFormat)]
    [InlineData("int32Value", "\"\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("int32Value", "\"+5\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("int32Value", "\" 5\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("int32Value", "\"0x10\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("int32Value", "\"1,000\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("int32Value", "true", JsonContractErrorKind.WrongType)]
    [InlineData("int32Value", "[1]", JsonContractErrorKind.WrongType)]
    [InlineData("int32Value", "{}", JsonContractErrorKind.WrongType)]
    [InlineData("uint32Value", "-1", JsonContractErrorKind.OutOfRange)]
    [InlineData("uint32Value", "4294967296", JsonContractErrorKind.OutOfRange)]
    [InlineData("int64Value", "9223372036854775899", JsonContractErrorKind.OutOfRange)]
    [InlineData("uint64Value", "18446744073709551616", JsonContractErrorKind.OutOfRange)]
    [InlineData("fixed64Value", "-1", JsonContractErrorKind.OutOfRange)]
    [InlineData("doubleValue", "1e400", JsonContractErrorKind.OutOfRange)]
    [InlineData("doubleValue", "\"1e400\"", JsonContractErrorKind.OutOfRange)]
    [InlineData("doubleValue", "\"nan\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("doubleValue", "\"∞\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("doubleValue", "true", JsonContractErrorKind.WrongType)]
    [InlineData("floatValue", "1e39", JsonContractErrorKind.OutOfRange)]
    [InlineData("boolValue", "2", JsonContractErrorKind.InvalidFormat)]
    [InlineData("boolValue", "\"yes\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("boolValue", "{}", JsonContractErrorKind.WrongType)]
    [InlineData("stringValue", "5", JsonContractErrorKind.WrongType)]
    [InlineData("stringValue", "true", JsonContractErrorKind.WrongType)]
    [InlineData("stringValue", "[]", JsonContractErrorKind.WrongType)]
    [InlineData("bytesValue", "\"a\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("bytesValue", "\"a b=\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("bytesValue", "\"====\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("bytesValue", "[1]", JsonContractErrorKind.WrongType)]
    [InlineData("color", "\"pink\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("color", "2147483699", JsonContractErrorKind.OutOfRange)]
    [InlineData("color", "true", JsonContractErrorKind.WrongType)]
    [InlineData("int32s", "1", JsonContractErrorKind.WrongType)]
    [InlineData("words", "[]", JsonContractErrorKind.WrongType)]
    [InlineData("child", "[]", JsonContractErrorKind.WrongType)]
    [InlineData("anyObject", "[]", JsonContractErrorKind.WrongType)]
    [InlineData("anyList", "{}", JsonContractErrorKind.WrongType)]
    [InlineData("nothing", "1", JsonContractErrorKind.WrongType)]
    [InlineData("anything", "{}", JsonContractErrorKind.Unsupported)]
    [InlineData("time", "5", JsonContractErrorKind.WrongType)]
    [InlineData("time", "\"2026-02-30T00:00:00Z\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("time", "\"2026-01-01T00:00:00\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("time", "\"2026-01-01T00:00:00.Z\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("time", "\"2026-01-01T00:00:00.1234567890Z\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("time", "\"0001-01-01T00:00:00+01:00\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("span", "\"5\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("span", "\"315576000001s\"", JsonContractErrorKind.InvalidFormat)]
    [InlineData("mask", "\"a_b\"", JsonContractErrorKind.InvalidFormat)]
    public void Read_OfAWrongValue_NamesTheFieldAndNotTheValue(string field, string json, JsonContractErrorKind kind)
    {
        var error = Codecs.Refused<Kinds>($$"""{"{{field}}":{{json}}}""");

        Assert.Equal((kind, field), (error.Kind, error.Path));
        Assert.StartsWith(field + " ", error.Message, StringComparison.Ordinal);
        if (json.Length > 4)
            Assert.DoesNotContain(json.Trim('"'), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("\"true\"", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("\"false\"", false)]
    public void Read_OfABool_TakesItsThreeForms(string json, bool value) =>
        Assert.Equal(value, Codecs.Read<Kinds>($$"""{"optionalBool":{{json}}}""").OptionalBool);

    [Theory]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    [InlineData("\"0.25\"", 0.25)]
    [InlineData("1E-3", 0.001)]
    public void Read_OfADouble_TakesNumberOrString(string json, double value) =>
        Assert.Equal(value, Codecs.Read<Kinds>($$"""{"doubleValue":{{json}}}""").DoubleValue);

    [Theory]
    [InlineData("\"+/+/\"")]
    [InlineData("\"-_-_\"")]
    [InlineData("\"-/+_\"")]
    public void Read_OfBytes_TakesBothAlphabets(string json) =>
        Assert.Equal(new byte[] { 0xfb, 0xff, 0xbf }, Codecs.Read<Kinds>($$"""{"bytesValue":{{json}}}""").BytesValue.ToByteArray());

    [Theory]
    [InlineData("\"YQ==\"")]
    [InlineData("\"YQ\"")]
    public void Read_OfBytes_TakesThemPaddedOrNot(string json) =>
        Assert.Equal("a"u8.ToArray(), Codecs.Read<Kinds>($$"""{"bytesValue":{{json}}}""").BytesValue.ToByteArray());

    [Theory]
    [InlineData("\"darkBlue\"", Color.DarkBlue)]
    [InlineData("\"COLOR_DARK_BLUE\"", Color.DarkBlue)]
    [InlineData("2", Color.DarkBlue)]
    [InlineData("\"2\"", Color.DarkBlue)]
    [InlineData("-5", Color.Negative)]
    [InlineData("99", (Color)99)]
    public void Read_OfAnEnum_TakesTextNameOrNumber(string json, Color value) =>
        Assert.Equal(value, Codecs.Read<Kinds>($$"""{"color":{{json}}}""").Color);

    [Fact]
    public void Read_OfAnUnknownEnumText_ListsWhatIsKnown() =>
        Assert.Equal("color must be one of: red, darkBlue, COLOR_PLAIN, COLOR_NEGATIVE.", Codecs.Refused<Kinds>("""{"color":"pink"}""").Message);

    [Theory]
    [InlineData(0.00299, "0.00299")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(1e22, "10000000000000000000000")]
    [InlineData(-1.5e-7, "-0.00000015")]
    [InlineData(1e-7, "0.0000001")]
    [InlineData(1234567890123456.75, "1234567890123456.8")]
    [InlineData(123.25, "123.25")]
    [InlineData(-0.0, "-0")]
    public void Write_OfADouble_HasNoExponent(double value, string json) =>
        Assert.Equal(
            $$"""{"errorId":0,"taskId":"","status":"COLOR_UNSPECIFIED","cost":{{json}}}""",
            Codecs.Write(new CreateJobReply { Cost = value }));

    [Theory]
    [InlineData(1e8f, "100000000")]
    [InlineData(0.1f, "0.1")]
    [InlineData(1e-8f, "0.00000001")]
    [InlineData(float.MaxValue, "340282346638528859811704183484516925440")]
    public void Write_OfAFloat_HasNoExponent(float value, string json) =>
        Assert.Contains($"\"floatValue\":{json},", Codecs.Write(new Kinds { FloatValue = value }), StringComparison.Ordinal);

    [Fact]
    public void Write_OfLargeIntegers_IsNumbers()
    {
        var json = Codecs.Write(new Kinds { Int64Value = long.MinValue, Uint64Value = ulong.MaxValue });

        Assert.Contains("\"int64Value\":-9223372036854775808,", json, StringComparison.Ordinal);
        Assert.Contains("\"uint64Value\":18446744073709551615,", json, StringComparison.Ordinal);
    }
}
