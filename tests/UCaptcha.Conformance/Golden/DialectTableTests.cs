using UCaptcha.TestKit.Processes;

namespace UCaptcha.Conformance.Golden;

/// <summary>
/// The recorded table, dialect x method x case. The files hold the vendors' documented examples where there are some, in the documented order of
/// members; UCAPTCHA_RECORD=1 writes them anew, and then the difference is to be read.
/// </summary>
public sealed class DialectTableTests(DialectServer fixture) : IClassFixture<DialectServer>
{
    [Theory]
    [InlineData("ucaptcha")]
    [InlineData("capmonster")]
    [InlineData("anticaptcha")]
    [InlineData("twocaptcha")]
    [InlineData("capsolver")]
    public async Task Answers_OfEveryCase_AreAsRecorded(string dialect)
    {
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Server.Http) };
        var answers = await new DialectTable(http, dialect).MakeAsync();
        var file = Path.Combine(Repository.Root, "tests/UCaptcha.Conformance/Golden", dialect + ".txt");
        if (Environment.GetEnvironmentVariable("UCAPTCHA_RECORD") == "1")
            await File.WriteAllTextAsync(file, answers);
        Assert.Equal(await File.ReadAllTextAsync(file), answers);
    }
}
