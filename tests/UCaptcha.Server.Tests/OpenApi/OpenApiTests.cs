using System.Text.Json;
using Google.Api;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.OpenApi;

/// <summary>The served description of the JSON surface.</summary>
public sealed class OpenApiTests(DescribedServer server) : IClassFixture<DescribedServer>
{
    [Fact]
    public void Document_AsServed_Is31AndParsesWithoutErrors()
    {
        var (document, diagnostic) = OpenApiDocument.Parse(server.Text, "json");
        Assert.NotNull(document);
        Assert.NotNull(diagnostic);
        Assert.Empty(diagnostic.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        Assert.Equal("MIT", document.Info.License?.Identifier);
    }

    [Fact]
    public void Document_AsServed_HasEveryRouteOfTheContractUnderAnIdOfItsOwn()
    {
        var rules = CaptchaService.Descriptor.Methods.Select(method => method.GetOptions().GetExtension(AnnotationsExtensions.Http));
        var expected = rules.SelectMany(rule => rule.AdditionalBindings.Prepend(rule))
            .Select(rule => rule.PatternCase == HttpRule.PatternOneofCase.Get ? $"get {rule.Get.Replace("task_id", "taskId")}" : $"post {rule.Post}");
        var operations = Operations().ToList();
        Assert.Equal(expected.Order(), operations.Select(operation => $"{operation.Method} {operation.Path}").Order());
        Assert.Equal(operations.Count, operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).Distinct().Count());
    }

    [Fact]
    public void Document_AsServed_DescribesEveryOperationMemberAndParameter()
    {
        var members = server.Document.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .SelectMany(schema => schema.Value.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : default)
            .Select(member => (member.Name, member.Value));
        var parameters = Operations().SelectMany(operation => operation.Value.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : default)
            .Select(parameter => (parameter.GetProperty("name").GetString()!, parameter));
        var operations = Operations().Select(operation => (operation.Path, operation.Value));
        Assert.All(members.Concat(parameters).Concat(operations), element =>
            Assert.True(element.Item2.TryGetProperty("description", out var text) && text.GetString()!.Length > 0, element.Item1));
    }

    [Fact]
    public void Document_AsServed_SaysHowAStreamIsResumed()
    {
        var resumable = Operations().Where(operation => operation.Value.TryGetProperty("parameters", out var all)
            && all.EnumerateArray().Any(parameter => parameter.GetProperty("name").GetString() == "Last-Event-ID" && parameter.GetProperty("in").GetString() == "header"));
        Assert.Equal(["get /watchTasks", "post /watchTasks"], resumable.Select(operation => $"{operation.Method} {operation.Path}").Order());
    }

    private IEnumerable<(string Path, string Method, JsonElement Value)> Operations() =>
        from path in server.Document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);
}
