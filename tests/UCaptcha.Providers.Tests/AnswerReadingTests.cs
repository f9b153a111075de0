using System.Text.Json;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers.Protocol;

namespace UCaptcha.Providers.Tests;

/// <summary>Answers that a JSON parser takes and nobody else does.</summary>
public sealed class AnswerReadingTests
{
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

    [Theory]
    [InlineData("0.0006", 600L)]
    [InlineData("0", 0L)]
    [InlineData("\"-5\"", null)]
    [InlineData("-0.000001", null)]
    [InlineData("1e300", null)]
    [InlineData("\"free\"", null)]
    public void Solution_CostBelowZeroOrAbsurd_IsNoCost(string cost, long? micros)
    {
        var task = TaskCatalogue.Default.Read("""{"type":"HCaptchaTask","websiteURL":"https://example.com","websiteKey":"k"}"""u8.ToArray());

        var solution = AnswerReading.Solution(Parse($$"""{"solution":{"token":"t"},"cost":{{cost}}}"""), task);

        Assert.Equal(micros, solution!.Cost?.Micros);
    }

    private static JsonElement Parse(string json) => JsonElement.Parse(json);
}
