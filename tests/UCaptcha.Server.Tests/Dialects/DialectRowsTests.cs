using System.Reflection;
using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Server.Dialects;
using UCaptcha.Transcoding.Rendering;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Dialects;

/// <summary>What every row must have.</summary>
public sealed class DialectRowsTests
{
    // What the official .NET and JavaScript clients of CapMonster Cloud have a name for.
    private static readonly string[] CapMonsterNames =
    [
        "ERROR_KEY_DOES_NOT_EXIST", "ERROR_ZERO_CAPTCHA_FILESIZE", "ERROR_TOO_BIG_CAPTCHA_FILESIZE", "ERROR_ZERO_BALANCE", "ERROR_IP_NOT_ALLOWED",
        "ERROR_CAPTCHA_UNSOLVABLE", "ERROR_NO_SUCH_CAPCHA_ID", "ERROR_NO_SUCH_METHOD", "ERROR_TOO_MUCH_REQUESTS", "ERROR_DOMAIN_NOT_ALLOWED",
        "ERROR_NO_SLOT_AVAILABLE",
    ];

    // AdminService speaks no dialect.
    private static readonly string[] OfTheAdminApi = ["ERROR_NOT_FOUND", "ERROR_ALREADY_EXISTS", "ERROR_NOT_POSSIBLE"];

    private static readonly Dialect[] Rows = [CapMonsterDialect.Row, AntiCaptchaDialect.Row, TwoCaptchaDialect.Row, CapSolverDialect.Row];

    public static TheoryData<string, string> CodesByDialect => new(
        from row in Rows
        from constant in typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        let code = (string)constant.GetRawConstantValue()!
        where !OfTheAdminApi.Contains(code)
        select (row.Name, code));

    [Theory]
    [MemberData(nameof(CodesByDialect))]
    public void Errors_EveryCode_HasTheVendorsWords(string dialect, string code)
    {
        var row = Rows.Single(row => row.Name == dialect);
        Assert.True(row.Errors.TryGetValue(code, out var error), $"{dialect} does not translate {code}.");
        Assert.NotEqual(0, error.Id);
        Assert.StartsWith("ERROR_", error.Code);
        Assert.NotEqual(0, row.FailureOf(code).Id);
    }

    [Fact]
    public void Errors_OfCapMonster_UseEveryNameThatItsClientsKnowAndThisServerCanMean() =>
        Assert.Empty(CapMonsterNames.Except(CapMonsterDialect.Row.Errors.Values.Select(error => error.Code)));

    // Its clients give up on 503 to createTask, and poll on after 503 to getTaskResult.
    [Theory]
    [InlineData("GetTaskResult", 503)]
    [InlineData("CreateTask", 200)]
    public void Status_OfCapMonsterWhileTheStoreIsAway_IsWhatItsClientsBear(string method, int status)
    {
        var error = new TranscodingError
        {
            Cause = TranscodingErrorCause.Status,
            StatusCode = StatusCode.Unavailable,
            Detail = "",
            Domain = "ucaptcha",
            Reason = ErrorCodes.ServiceNotAvailable,
            Method = CaptchaService.Descriptor.FindMethodByName(method),
        };
        Assert.Equal(status, new DialectProfile(CapMonsterDialect.Row).GetErrorStatusCode(error));
    }

    [Fact]
    public void Names_EachHasAProfileOfThatName()
    {
        var catalogue = new DialectCatalogue();
        Assert.All(DialectNames.All, name => Assert.Equal(name, catalogue.Find(name.ToUpperInvariant()).Name));
        Assert.Equal(DialectNames.UCaptcha, catalogue.Find("nobody").Name);
    }
}
