using System.Text.Json.Nodes;

namespace UCaptcha.Conformance.Documented;

/// <summary>What the vendors' documents show, dialect by method by case, against what the server answers: every member, its type and its place.</summary>
public sealed class DocumentedExamplesTests(VendorHostsServer fixture) : IClassFixture<VendorHostsServer>
{
    [Theory]
    [InlineData("ucaptcha", 18)]
    [InlineData("capmonster", 64)]
    [InlineData("anticaptcha", 27)]
    [InlineData("twocaptcha", 29)]
    [InlineData("capsolver", 22)]
    public async Task Answers_OfEveryDocumentedCase_AreTheDocumentsOwn(string dialect, int examples)
    {
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Server.Http) };
        var situations = new Situations(http, dialect);
        var rows = DocumentedExample.Of(dialect);
        Assert.Equal(examples, rows.Count);
        Assert.All(rows, row => Assert.True(row.Also.Count + row.Without.Count + row.Order.Length == 0 || row.Why.Length > 0, row.Document));

        var differences = string.Join('\n', (await Task.WhenAll(rows.Select(row => CompareAsync(situations, row)))).OfType<string>());
        Assert.True(differences.Length == 0, differences);
    }

    private static async Task<string?> CompareAsync(Situations situations, DocumentedExample row)
    {
        var (status, type, body) = await situations.AskAsync(row);
        var documented = row.Answer.DeepClone().AsObject();
        Leave(documented, row.Without);
        Leave(body, row.Also);
        var (expected, actual) = ($"{row.Status} application/json {Mask.Of(documented, row)}", $"{status} {type?.MediaType} {Mask.Of(body, row)}");
        return expected == actual ? null : $"{row.Document} ({row.Case})\n  documented {expected}\n  answered   {actual}";
    }

    private static void Leave(JsonObject body, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
                body.Remove(name);
            else
                (body[name[..dot]] as JsonObject)?.Remove(name[(dot + 1)..]);
        }
    }
}
