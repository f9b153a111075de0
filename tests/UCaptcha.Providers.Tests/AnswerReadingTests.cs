using System.Text;
using System.Text.Json;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers.Protocol;

namespace UCaptcha.Providers.Tests;

/// <summary>Answers that a JSON parser takes and nobody else does.</summary>
public sealed class AnswerReadingTests
{
    private static readonly TaskRequest HCaptcha = TaskCatalogue.Default.Read("""{"type":"HCaptchaTask","websiteURL":"https://example.com","websiteKey":"k"}"""u8.ToArray());

    [Theory]
    [InlineData("""{"errorId":1,"errorDescription":"half of \ud83d"}""")]
    [InlineData("""{"solution":{"token":["\udc00"]}}""")]
    [InlineData("""{"\ud800":1}""")]
    public void IsReadable_HalfASurrogatePair_IsNot(string json) => Assert.False(AnswerReading.IsReadable(Parse(json)));

    [Theory]
    [InlineData("""{"errorId":1,"errorDescription":"whole \ud83d\ude00","cost":null,"solution":{"token":[true,1.5,""]}}""")]
    public void IsReadable_AnythingElse_Is(string json) => Assert.True(AnswerReading.IsReadable(Parse(json)));

    [Theory]
    [InlineData("""{"taskId":"a\u0000b"}""")]
    [InlineData("""{"taskId":"a\nb"}""")]
    [InlineData("""{"taskId":""}""")]
    [InlineData("""{"taskId":0}""")]
    [InlineData("""{"taskId":{}}""")]
    [InlineData("{}")]
    public void TaskId_NothingThatCouldBeOne_IsNull(string json) => Assert.Null(AnswerReading.TaskId(Parse(json)));

    [Fact]
    public void Error_TextThatNoDatabaseKeeps_IsReadWithoutIt()
    {
        var answer = Parse("""{"errorId":1,"errorCode":"ERROR_\u0000X","errorDescription":"a\u0000b"}""");

        var error = AnswerReading.Error(new UpstreamAnswer(200, answer, RetryAfter: null, Silent: null), answer, proxied: false);

        Assert.Equal(("ERROR_X", "ab"), (error.Code, error.Description));
    }

    [Fact]
    public void Error_NumberThatIsText_IsReadWithoutWhatNoDatabaseKeeps()
    {
        var answer = Parse("""{"errorId":"7\u0000"}""");

        var error = AnswerReading.Error(new UpstreamAnswer(200, answer, RetryAfter: null, Silent: null), answer, proxied: false);

        Assert.Equal("ERROR_ID_7", error.Code);
    }

    [Fact]
    public void Error_TooLong_IsCutBetweenCharacters()
    {
        var (code, description) = (new string('C', 99), new string('d', 299));
        var answer = Parse($$"""{"errorId":1,"errorCode":"{{code}}\ud83d\ude00","errorDescription":"{{description}}\ud83d\ude00"}""");

        var error = AnswerReading.Error(new UpstreamAnswer(200, answer, RetryAfter: null, Silent: null), answer, proxied: false);

        Assert.Equal((code, description), (error.Code, error.Description));
    }

    [Theory]
    [InlineData("0.0006", 600L)]
    [InlineData("0", 0L)]
    [InlineData("\"-5\"", null)]
    [InlineData("-0.000001", null)]
    [InlineData("1e300", null)]
    [InlineData("\"free\"", null)]
    public void Solution_CostBelowZeroOrAbsurd_IsNoCost(string cost, long? micros)
    {
        var solution = AnswerReading.Solution(Parse($$"""{"solution":{"token":"t"},"cost":{{cost}}}"""), HCaptcha);

        Assert.Equal(micros, solution!.Cost?.Micros);
    }

    [Fact]
    public void Solution_MembersOfTheSameName_TheLastIsRead()
    {
        var solution = AnswerReading.Solution(Parse("""{"solution":{"token":"a","more":[{"x":1,"x":2}],"token":"b"}}"""), HCaptcha);

        Assert.Equal("""{"token":"b","more":[{"x":2}],"gRecaptchaResponse":"b"}""", Encoding.UTF8.GetString(solution!.Json.Span));
    }

    [Fact]
    public void Solution_NestedDeeperThanTheContractHolds_IsKeptAsTextFromThereOn()
    {
        var solution = AnswerReading.Solution(Parse($$$"""{"solution":{"token":"t","deep":{{{new string('[', 29)}}}{"x":[null]}{{{new string(']', 29)}}}}}"""), HCaptcha);

        using var json = JsonDocument.Parse(solution!.Json, new JsonDocumentOptions { MaxDepth = 30 });
        var deepest = json.RootElement.GetProperty("deep");
        while (deepest.ValueKind == JsonValueKind.Array)
            deepest = deepest[0];
        Assert.Equal("""{"x":[null]}""", deepest.GetString());
    }

    private static JsonElement Parse(string json) => JsonElement.Parse(json);
}
