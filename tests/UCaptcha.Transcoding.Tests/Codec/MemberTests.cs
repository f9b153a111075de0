using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Codec;

public sealed class MemberTests
{
    [Theory]
    [InlineData("websiteURL")]
    [InlineData("website_url")]
    [InlineData("WEBSITEurl")]
    [InlineData("Website_Url")]
    public void Read_InAMessageWithAnOpenField_FindsNamesWithoutCase(string name) =>
        Assert.Equal("u", Codecs.Read<Job>($$"""{"{{name}}":"u"}""").WebsiteUrl);

    [Fact]
    public void Read_InAnyOtherMessage_FindsNamesInExactCase()
    {
        var read = Codecs.Read<CreateJobRequest>("""{"clientkey":"x","client_key":"y","task":{"plain":{"stringvalue":"a","string_value":"b"}}}""");

        Assert.Equal("y", read.ClientKey);
        Assert.Equal("b", read.Task.Plain.StringValue);
    }

    [Fact]
    public void Read_OfNull_IsAbsence()
    {
        var read = Codecs.Read<Kinds>(
            """
            {"int32Value":null,"optionalInt32":null,"child":null,"int32s":null,"words":null,"chosenString":null,
            "chosenInt32":3,"wrappedInt32":null,"time":null}
            """);

        Assert.Equal(new Kinds { ChosenInt32 = 3 }, read);
    }

    [Theory]
    [InlineData("""{"int32s":[1,null]}""", "int32s[1]")]
    [InlineData("""{"children":[null]}""", "children[0]")]
    [InlineData("""{"words":{"a":null}}""", "words.a")]
    public void Read_OfNullInAListOrMap_IsRefused(string json, string path)
    {
        var error = Codecs.Refused<Kinds>(json);

        Assert.Equal((JsonContractErrorKind.WrongType, path), (error.Kind, error.Path));
    }

    [Theory]
    [InlineData("""{"stringValue":"a","stringValue":"a"}""", "stringValue")]
    [InlineData("""{"stringValue":null,"string_value":"a"}""", "stringValue")]
    [InlineData("""{"child":{"child":{"color":1,"color":1}}}""", "child.child.color")]
    [InlineData("""{"nope":1,"nope":2}""", "nope")]
    [InlineData("""{"child":{"nope":{},"nop\u0065":2}}""", "child.nope")]
    [InlineData("""{"words":{"a":"","a":""}}""", "words.a")]
    [InlineData("""{"byInt32":{"1":1,"1.0":1}}""", "byInt32.1.0")]
    [InlineData("""{"anyObject":{"b":{"a":1,"a":1}}}""", "anyObject.b.a")]
    [InlineData("""{"anyValue":[{"a":1,"a":1}]}""", "anyValue[0].a")]
    [InlineData("""{"chosenString":"","chosenInt32":0}""", "chosenInt32")]
    public void Read_OfAMemberTwice_IsADuplicate(string json, string path)
    {
        var error = Codecs.Refused<Kinds>(json);

        Assert.Equal((JsonContractErrorKind.Duplicate, path), (error.Kind, error.Path));
    }

    [Theory]
    [InlineData("""{"task":{"type":"a","TYPE":"a"}}""", "task.type")]
    [InlineData("""{"task":{"websiteURL":"a","website_url":"a"}}""", "task.websiteURL")]
    [InlineData("""{"task":{"odd":1,"odd":1}}""", "task.odd")]
    public void Read_OfAMemberTwiceBesideAnOpenField_IsADuplicate(string json, string path)
    {
        var error = Codecs.Refused<CreateJobRequest>(json);

        Assert.Equal((JsonContractErrorKind.Duplicate, path), (error.Kind, error.Path));
    }

    [Fact]
    public void Read_OfUnknownMembers_PassesOverThem() =>
        Assert.Equal(new Kinds { Int32Value = 1 }, Codecs.Read<Kinds>("""{"a":{"b":[{},"x",1e999]},"b":null,"c":[[]],"int32Value":1,"d":""}"""));

    [Fact]
    public void Read_OfAnError_GivesThePathThroughListsAndMaps() =>
        Assert.Equal(
            "children[1].kin.some key.int32s[2]",
            Codecs.Refused<Kinds>("""{"children":[{},{"kin":{"some key":{"int32s":[1,2,"x"]}}}]}""").Path);

    [Fact]
    public void Read_OfAnErrorBesideAHostileName_CleansTheName()
    {
        var error = Codecs.Refused<Kinds>("{\"words\":{\"a\\nb" + new string('x', 500) + "\":5}}");

        Assert.StartsWith("words.a?bxxx", error.Path, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 120);
    }

    [Fact]
    public void Read_OfAnIdField_TakesAnInteger()
    {
        Assert.Equal("123", Codecs.Read<Job>("""{"id":123}""").Id);
        Assert.Equal("7", Codecs.Read<Job>("""{"id":7.0}""").Id);
        Assert.Equal("18446744073709551616000", Codecs.Read<Job>("""{"id":18446744073709551616000}""").Id);
        Assert.Equal(JsonContractErrorKind.InvalidFormat, Codecs.Refused<Job>("""{"id":1.5}""").Kind);
        Assert.Equal(JsonContractErrorKind.WrongType, Codecs.Refused<Job>("""{"id":true}""").Kind);
        Assert.Equal(JsonContractErrorKind.WrongType, Codecs.Refused<Job>("""{"websiteKey":1}""").Kind);
    }

    [Fact]
    public void ReadField_OfAValue_SetsThatFieldAlone()
    {
        var message = new Kinds { StringValue = "kept" };
        Codecs.Default.ReadField("[1,\"2\"]"u8, message, Kinds.Descriptor.FindFieldByName("int32s"));
        Codecs.Default.ReadField("null"u8, message, Kinds.Descriptor.FindFieldByName("child"));

        Assert.Equal(new Kinds { StringValue = "kept", Int32S = { 1, 2 } }, message);
        var error = Assert.Throws<JsonContractException>(
            () => Codecs.Default.ReadField("[1,[]]"u8, message, Kinds.Descriptor.FindFieldByName("int32s")));
        Assert.Equal("int32s[1]", error.Path);
    }
}
