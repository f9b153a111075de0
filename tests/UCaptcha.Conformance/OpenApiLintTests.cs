using System.Net.Http;
using UCaptcha.TestKit;

namespace UCaptcha.Conformance;

/// <summary>The OpenAPI document as Redocly's linter sees it: it is valid against OpenAPI 3.1, its examples fit its schemas, and it says what its readers need.</summary>
public sealed class OpenApiLintTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    [Fact]
    public async Task Document_LintedStrictly_HasNoFindings()
    {
        var linter = ClientProgram.NodeModule(".bin/redocly");
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        var document = Path.Combine(folder.Path, "openapi.json");
        await File.WriteAllTextAsync(document, await http.GetStringAsync(sandbox.Server.Http + "/openapi.json"));

        var said = await ClientProgram.RunAsync("env", ["REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true", linter, "lint", "--extends", "recommended-strict", document]);

        Assert.Contains(said, line => line.Contains("Your API description is valid", StringComparison.Ordinal));
    }
}
