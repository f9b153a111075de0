using System.Text.RegularExpressions;
using UCaptcha.Architecture.Tests.Arrows;

namespace UCaptcha.Architecture.Tests.Clock;

// BannedSymbols.txt stops a build only while the analyzer, the file and the severity all reach a project.
public sealed class GateTests
{
    private const string Rule = "RS0030";

    private static readonly string List = Path.Combine(Repository.Root, "BannedSymbols.txt");

    [Fact]
    public async Task Projects_UnderSrc_CarryTheGate()
    {
        Assert.All(await SourceProject.AllAsync(), project =>
        {
            Assert.Contains(List, project.AdditionalFiles);
            Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", project.PackageReferences);
            Assert.DoesNotContain(Rule, project.Property("NoWarn"));
            Assert.DoesNotContain(Rule, project.Property("WarningsNotAsErrors"));
            Assert.NotEqual("false", project.Property("RunAnalyzers"), StringComparer.OrdinalIgnoreCase);
            Assert.NotEqual("false", project.Property("RunAnalyzersDuringBuild"), StringComparer.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("*.cs")]
    [InlineData("*.*proj")]
    [InlineData("*.props")]
    [InlineData("*.targets")]
    [InlineData("*.editorconfig")]
    [InlineData("*.globalconfig")]
    public void Files_UnderSrc_DoNotMentionTheRule(string pattern) => Assert.All(
        Repository.SourceFiles(pattern), path => Assert.DoesNotContain(Rule, File.ReadAllText(path), StringComparison.OrdinalIgnoreCase));

    [Fact]
    public async Task Project_UsingEveryBannedSymbol_FailsAtEachLineAndNowhereElse()
    {
        var banned = File.ReadLines(List).Count(line => line.Contains(';'));
        Assert.Equal(banned, GateProbe.BannedStatements.Count);

        var (exitCode, output) = await GateProbe.BuildAsync();

        Assert.NotEqual(0, exitCode);
        var errors = Regex.Matches(output, @"Probe\.cs\((\d+),\d+\): error (\w+)");
        Assert.All(errors, error => Assert.Equal(Rule, error.Groups[2].Value));
        Assert.Equal(Enumerable.Range(1, banned), errors.Select(error => int.Parse(error.Groups[1].Value)).Distinct().Order());
    }
}
