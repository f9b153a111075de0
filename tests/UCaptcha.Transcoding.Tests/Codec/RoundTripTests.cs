using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Codec;

public sealed class RoundTripTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(600);

    [Fact]
    public void Message_OfAnyContent_ComesBackFromItsJson() => ForAllSeeds(seed => ComesBack(new RandomMessages(seed).Next<Kinds>()));

    [Fact]
    public void Message_WithAnOpenField_ComesBackFromItsJson() => ForAllSeeds(seed => ComesBack(new RandomMessages(seed).Next<CreateJobRequest>()));

    [Fact]
    public void Struct_OfAnyContent_ComesBackFromItsJson() => ForAllSeeds(seed => ComesBack(new RandomMessages(seed).NextOpen([])));

    [Fact]
    public void Json_OfAnyMessage_IsJsonToOthersAndHoldsNoExponent() => ForAllSeeds(seed =>
    {
        using var json = JsonDocument.Parse(Codecs.Default.ToUtf8Bytes(new RandomMessages(seed).Next<Kinds>()));
        return Numbers(json.RootElement).All(number => !number.Contains('E', StringComparison.OrdinalIgnoreCase));
    });

    [Theory]
    [MemberData(nameof(WellKnownRoots))]
    public void WellKnownType_AsARoot_ComesBackFromItsJson(IMessage message, string json)
    {
        Assert.Equal(json, Codecs.Write(message));
        Assert.Equal(message, Codecs.Default.Read(System.Text.Encoding.UTF8.GetBytes(json), message.Descriptor));
    }

    public static TheoryData<IMessage, string> WellKnownRoots => new()
    {
        { new Int32Value { Value = 7 }, "7" },
        { new StringValue { Value = "x" }, "\"x\"" },
        { new BoolValue { Value = true }, "true" },
        { Value.ForNull(), "null" },
        { new ListValue { Values = { Value.ForNumber(1) } }, "[1]" },
        { new Struct { Fields = { ["a"] = Value.ForBool(false) } }, "{\"a\":false}" },
        { new Timestamp { Seconds = 1 }, "\"1970-01-01T00:00:01Z\"" },
        { new Duration { Nanos = -1000 }, "\"-0.000001s\"" },
        { new FieldMask { Paths = { "a_b", "c" } }, "\"aB,c\"" },
        { new Empty(), "{}" },
    };

    private static bool ComesBack<T>(T message) where T : class, IMessage<T>, new() =>
        Codecs.Default.Read<T>(Codecs.Default.ToUtf8Bytes(message)).Equals(message);

    private static void ForAllSeeds(Func<int, bool> property) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), property).Check(Config);

    private static IEnumerable<string> Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => [element.GetRawText()],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Numbers),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Numbers(member.Value)),
        _ => [],
    };
}
