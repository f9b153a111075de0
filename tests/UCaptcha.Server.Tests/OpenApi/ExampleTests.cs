using System.Text;
using System.Text.Json;
using UCaptcha.Server.OpenApi;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.OpenApi;

/// <summary>The examples of the served description against the server that serves it.</summary>
public sealed class ExampleTests(DescribedServer server) : IClassFixture<DescribedServer>
{
    private const string FailingTask = """{"type":"TurnstileTaskProxyless","websiteURL":"https://example.com","websiteKey":"2x00000000000000000000AB"}""";

    private readonly SchemaCheck _check = new(server.Document);

    [Fact]
    public void Examples_AsServed_FitTheirSchemas()
    {
        var shown = Shown().ToList();
        Assert.Equal(DocumentedExamples.All.Count, shown.Select(example => (example.Method, example.Name)).Distinct().Count());
        Assert.Empty(shown.SelectMany(example =>
            _check.Misfits(example.Request, example.RequestSchema).Concat(_check.Misfits(example.Answer, example.AnswerSchema)).Select(misfit => $"{example}: {misfit}")));
    }

    [Fact]
    public async Task Examples_SentToTheServer_AreAnsweredAsDocumented()
    {
        var problems = await Task.WhenAll(Shown().Select(ProblemsAsync));
        Assert.Empty(problems.SelectMany(found => found));
    }

    private async Task<IEnumerable<string>> ProblemsAsync(ShownExample example)
    {
        JsonElement answer = default;
        try
        {
            // Asked again until the task stands where the example has it.
            await Eventually.TrueAsync(async () => IsSameCase(example, answer = await SendAsync(example)));
        }
        catch (TimeoutException)
        {
            return [$"{example}: the answer is {answer}"];
        }

        var (expected, actual) = (Members(example.Answer).Order().ToList(), Members(answer).Order().ToList());
        return _check.Misfits(answer, example.AnswerSchema)
            .Concat(expected.SequenceEqual(actual) ? [] : [$"has {string.Join(' ', actual)} and not {string.Join(' ', expected)}"])
            .Select(problem => $"{example}: {problem}");
    }

    private async Task<JsonElement> SendAsync(ShownExample example)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, example.Path);
        request.Content = new StringContent(await FillAsync(example.Request.GetRawText()), Encoding.UTF8, "application/json");
        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True((int)response.StatusCode == example.Status, $"{example}: {response.StatusCode}");
        Assert.Equal(example.ContentType, response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        if (!example.IsStream)
            return JsonDocument.Parse(await reader.ReadToEndAsync()).RootElement;

        JsonElement message = default;
        while (await reader.ReadLineAsync() is { } line)
        {
            message = JsonDocument.Parse(line).RootElement;
            if (IsSameCase(example, message))
                break;
        }

        return message;
    }

    private async Task<string> FillAsync(string request)
    {
        using var api = new Api(server.Server, DescribedServer.Key);
        if (request.Contains(DocumentedExamples.UnfinishedTask))
            request = request.Replace(DocumentedExamples.UnfinishedTask, await api.CreateAsync());
        if (request.Contains(DocumentedExamples.ReadyTask))
            request = request.Replace(DocumentedExamples.ReadyTask, await EndedAsync(api, Api.Task()));
        if (request.Contains(DocumentedExamples.FailedTask))
            request = request.Replace(DocumentedExamples.FailedTask, await EndedAsync(api, FailingTask));
        return request.Replace(DocumentedExamples.Key, DescribedServer.Key);
    }

    private static async Task<string> EndedAsync(Api api, string task)
    {
        var id = await api.CreateAsync(task);
        await api.EndAsync(id);
        return id;
    }

    // What says which case it is must be the same word for word.
    private static bool IsSameCase(ShownExample example, JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object
        && new[] { "errorId", "status", "errorCode", "errorDescription", "message" }.All(name => Text(example.Answer, name) == Text(answer, name));

    private static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? member.ToString() : null;

    private static IEnumerable<string> Members(JsonElement value, string path = "") => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject().SelectMany(member => Members(member.Value, $"{path}.{member.Name}").Prepend($"{path}.{member.Name}"))
        : [];

    // A request example and the answer example of the same name, on every path that takes a body.
    private IEnumerable<ShownExample> Shown() =>
        from path in server.Document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Value.TryGetProperty("requestBody", out _)
        let request = operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json")
        from example in request.GetProperty("examples").EnumerateObject()
        from response in operation.Value.GetProperty("responses").EnumerateObject()
        let content = response.Value.GetProperty("content").EnumerateObject().First()
        where content.Value.TryGetProperty("examples", out var answers) && answers.TryGetProperty(example.Name, out _)
        select new ShownExample(
            MethodOf(request),
            path.Name,
            example.Name,
            int.Parse(response.Name),
            content.Name,
            example.Value.GetProperty("value"),
            request.GetProperty("schema"),
            content.Value.GetProperty("examples").GetProperty(example.Name).GetProperty("value"),
            content.Value.GetProperty("schema"));

    private static string MethodOf(JsonElement request) => request.GetProperty("schema").GetProperty("$ref").GetString()!;

    private sealed record ShownExample(
        string Method, string Path, string Name, int Status, string ContentType, JsonElement Request, JsonElement RequestSchema, JsonElement Answer, JsonElement AnswerSchema)
    {
        public bool IsStream => ContentType == "application/x-ndjson";

        public override string ToString() => $"{Path} {Name}";
    }
}
