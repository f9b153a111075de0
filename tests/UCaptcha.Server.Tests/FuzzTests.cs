using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>The short form of the fuzzer; the README names the command of the long one.</summary>
public sealed class FuzzTests
{
    [Fact]
    public async Task Requests_FiveThousandBadOnes_AreAnsweredInShape()
    {
        await using var fuzzer = ProgramProcess.Start("dotnet", [Repository.ProgramOf("tests/UCaptcha.Fuzz"), "5000"]);
        var code = await fuzzer.WaitForExitAsync(TimeSpan.FromMinutes(5));
        Assert.True(code == 0, string.Join('\n', fuzzer.Output));
    }
}
