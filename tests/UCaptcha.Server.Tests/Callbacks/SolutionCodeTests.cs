using System.Text;
using UCaptcha.Server.Callbacks;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class SolutionCodeTests
{
    [Theory]
    [InlineData("""{"gRecaptchaResponse":"03AG"}""", "03AG")]
    [InlineData("""{"token":"0.abc","userAgent":"x"}""", "0.abc")]
    [InlineData("""{"text":"n\u00e4chste"}""", "nächste")]
    [InlineData("""{"text":"c","token":"b","gRecaptchaResponse":"a"}""", "a")]
    [InlineData("""{"text":"c","token":"b","gRecaptchaResponse":""}""", "b")]
    [InlineData("""{"text":"c","token":null,"other":{"token":"no"}}""", "c")]
    public void Of_Token_IsTheToken(string solution, string code) => Assert.Equal(code, SolutionCode.Of(Encoding.UTF8.GetBytes(solution)));

    [Theory]
    [InlineData("""{"challenge":"c","validate":"v"}""")]
    [InlineData("""{"cookies":{"token":"no"},"text":["a"],"token":{"a":{"text":"b"}}}""")]
    [InlineData("{}")]
    [InlineData("[1,2]")]
    [InlineData("")]
    public void Of_NoToken_IsTheSolution(string solution) => Assert.Equal(solution, SolutionCode.Of(Encoding.UTF8.GetBytes(solution)));
}
