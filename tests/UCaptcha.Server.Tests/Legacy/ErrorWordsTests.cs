using UCaptcha.Server.Errors;
using UCaptcha.Server.Legacy;
using UCaptcha.Server.Legacy.DeathByCaptcha;
using UCaptcha.Server.Legacy.TwoCaptcha;

namespace UCaptcha.Server.Tests.Legacy;

/// <summary>No code of ours is without a word in an older API.</summary>
public sealed class ErrorWordsTests
{
    // Administrators have an API of their own.
    private static readonly string[] OfTheAdminApi = [Core.ErrorCodes.NotFound, Core.ErrorCodes.AlreadyExists, Core.ErrorCodes.NotPossible];

    public static TheoryData<string> Codes =>
        [.. typeof(Core.ErrorCodes).GetFields().Select(code => (string)code.GetRawConstantValue()!).Except(OfTheAdminApi), .. LegacyCodes.All];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code_OfEveryKind_HasAWordInEachApi(string code)
    {
        Assert.Contains(code, TwoCaptchaErrors.Codes);
        Assert.Contains(code, DeathByCaptchaErrors.Codes);
    }

    [Fact]
    public void HttpStatus_OfDocumentedCodes_IsTheNativeOne() =>
        Assert.All(ErrorTable.Codes.Except(OfTheAdminApi), code => Assert.Equal(ErrorTable.HttpStatus(code), TwoCaptchaErrors.Find(code).Http));
}
