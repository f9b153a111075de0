using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Http;

/// <summary>Calls that refuse what nothing takes, and those that pass over it.</summary>
public sealed class UnknownNamesTests : IAsyncLifetime
{
    private JobServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await JobServer.StartAsync(options => options.RefusesUnknownNames = method => method.Name != "Watch");

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("POST", "/createJob", """{"clientKy":"k"}""", "clientKy", "known there are: clientKey, ")]
    [InlineData("POST", "/createJob", """{"clientKy":null}""", "clientKy", "clientKey")]
    [InlineData("POST", "/createJob", """{"task":{"plain":{"child":{"strngValue":""}}}}""", "task.plain.child.strngValue", "stringValue")]
    [InlineData("POST", "/createJob", """{"task":{"plain":{"children":[{},{"a\nb":1}]}}}""", "task.plain.children[1].a?b", "stringValue")]
    [InlineData("POST", "/createJob", """{"task":{"plain":{"kin":{"x":{"odd":1}}}}}""", "task.plain.kin.x.odd", "stringValue")]
    [InlineData("POST", "/createJob?clientKey=k", "{}", "clientKey", "in the query; nothing is taken there.")]
    [InlineData("PUT", "/jobs/7", """{"plain":{"odd":1}}""", "task.plain.odd", "stringValue")]
    [InlineData("PUT", "/jobs/7?task.id=8", "{}", "task.id", "in the query; known there are: clientKey, ")]
    [InlineData("GET", "/find?txt=1&count=2", null, "txt", "in the query; known there are: text, count, numbers, ")]
    [InlineData("GET", "/find?nested.txt=1", null, "nested.txt", "text")]
    [InlineData("GET", "/find?txt", null, "txt", "text")]
    [InlineData("GET", "/find?=1", null, "", "text")]
    [InlineData("GET", "/echo/a?text=b", null, "text", "known there are: count, ")]
    [InlineData("PATCH", "/find?numbers=1", "[2]", "numbers", "known there are: text, ")]
    [InlineData("GET", "/find", """{"text":"a"}""", "text", "nothing is taken there.")]
    [InlineData("DELETE", "/find?text=a", """{"count":1}""", "count", "nothing is taken there.")]
    public async Task Name_ThatNothingTakes_IsRefused(string method, string path, string? body, string name, string said)
    {
        var answer = await _server.SendAsync(new HttpMethod(method), path, body?.Replace("\n", "\\n", StringComparison.Ordinal));

        Assert.Equal(400, answer.Status);
        Assert.Contains($"\"message\":\"'{name}' is not known", answer.Body, StringComparison.Ordinal);
        Assert.Contains(said, answer.Body, StringComparison.Ordinal);
        Assert.Null(_server.Handlers.LastJob);
    }

    [Theory]
    [InlineData("POST", "/createJob", """{"clientKey":"k","task":{"odd":{"any":1},"plain":{"anyObject":{"free":1}}}}""")]
    [InlineData("POST", "/createJob?", """{"client_key":"k"}""")]
    [InlineData("GET", "/find?some_name=a&nested.nested.count=1&", null)]
    [InlineData("GET", "/find", " ")]
    [InlineData("DELETE", "/find", "{}")]
    public async Task Name_ThatIsTaken_IsNotRefused(string method, string path, string? body) =>
        Assert.Equal(200, (await _server.SendAsync(new HttpMethod(method), path, body)).Status);

    [Theory]
    [InlineData("/counts/7", """{"text":"t","count":8}""", "count")]
    [InlineData("/nested/a", """{"nested":{"text":"b"}}""", "nested.text")]
    [InlineData("/jobs/7", """{"id":"8","type":"Robot"}""", "task.id")]
    [InlineData("/jobs/7", """{"id":""}""", "task.id")]
    public async Task Member_ThatContradictsThePath_IsRefused(string path, string body, string name)
    {
        var answer = await _server.SendAsync(HttpMethod.Put, path, body);

        Assert.Equal(400, answer.Status);
        Assert.Contains($"\"message\":\"{name} in the body is not the one in the path.\"", answer.Body, StringComparison.Ordinal);
        Assert.Null(_server.Handlers.LastJob);
    }

    [Theory]
    [InlineData("/counts/7", """{"text":"t","count":"7"}""")]
    [InlineData("/counts/7", """{"text":"t","count":0}""")]
    [InlineData("/counts/7", """{"text":"t","count":null}""")]
    [InlineData("/nested/a", """{"nested":{"text":"a"}}""")]
    [InlineData("/nested/a", """{"nested":{"count":1}}""")]
    [InlineData("/jobs/7", """{"id":7}""")]
    public async Task Member_ThatSaysWhatThePathSays_IsNotRefused(string path, string body) =>
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Put, path, body)).Status);

    [Fact]
    public async Task Member_ThatContradictsThePath_GivesWayWhereNothingIsRefused()
    {
        await using var server = await JobServer.StartAsync();

        var answer = await server.SendAsync(HttpMethod.Put, "/counts/7", """{"text":"t","count":8}""");

        Assert.Equal(new Echo { Text = "t", Count = 7 }, Codecs.Read<Echo>(answer.Body));
    }

    [Theory]
    [InlineData("POST", "/watch?odd=1", """{"text":"a","odd":1}""")]
    [InlineData("GET", "/watch/a?odd=1&text=b", """{"odd":1}""")]
    public async Task Name_WhereTheyArePassedOver_IsNotRefused(string method, string path, string? body) =>
        Assert.Equal(200, (await _server.SendAsync(new HttpMethod(method), path, body)).Status);

    [Fact]
    public async Task Name_ThatNothingTakes_IsRefusedBehindTheInterceptors()
    {
        await _server.PostAsync("/createJob", """{"clientKy":"k"}""");

        Assert.NotEmpty(_server.Handlers.Intercepted);
    }
}
