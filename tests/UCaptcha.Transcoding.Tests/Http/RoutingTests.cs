using System.Net;
using Grpc.Core;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Http;

public sealed class RoutingTests : IAsyncLifetime
{
    private JobServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await JobServer.StartAsync(options => options.PathPrefixes.Add("/old"));

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/echo/x", "x")]
    [InlineData("/echo/a%2Fb%20c", "a/b c")]
    [InlineData("/echo/x/", "x")]
    [InlineData("/shelves/shelves/1/books/2/3", "shelves/1/books/2/3")]
    [InlineData("/v1/items/9", "items/9")]
    [InlineData("/find", "")]
    [InlineData("/find?text=q", "q")]
    [InlineData("/old/echo/x", "x")]
    public async Task Get_OfAPath_SetsItsFields(string path, string text)
    {
        var answer = await _server.SendAsync(HttpMethod.Get, path);

        Assert.Equal(200, answer.Status);
        if (!path.StartsWith("/v1", StringComparison.Ordinal))
            Assert.Equal(text, Codecs.Read<Echo>(answer.Body).Text);
    }

    [Fact]
    public async Task Get_OfAVerb_IsNotTheRuleWithoutIt()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/v1/items/9:peek");

        Assert.Equal("items/9", Codecs.Read<Echo>(answer.Body).Nested.Text);
    }

    [Fact]
    public async Task ResponseBody_OfARule_IsThatFieldAlone()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/v1/items/9?nested.text=inner");

        Assert.Equal("""{"text":"inner","count":0,"color":"COLOR_UNSPECIFIED","someName":""}""", answer.Body);
    }

    [Fact]
    public async Task Query_OfARule_SetsFieldsByEitherName()
    {
        var answer = await _server.SendAsync(
            HttpMethod.Get,
            "/echo/x?count=3&numbers=1&numbers=2&nested.nested.text=deep&flag=1&color=darkBlue&some_name=n&text=ignored&unknown=1&nested.nope=1");

        Assert.Equal(
            new Echo
            {
                Text = "x",
                Count = 3,
                Numbers = { 1, 2 },
                Nested = new Echo { Nested = new Echo { Text = "deep" } },
                Flag = true,
                Color = Color.DarkBlue,
                SomeName = "n",
            },
            Codecs.Read<Echo>(answer.Body));
        Assert.Equal("n", Codecs.Read<Echo>((await _server.SendAsync(HttpMethod.Get, "/find?someName=n")).Body).SomeName);
    }

    [Theory]
    [InlineData("/find?count=x", "count must be a whole number.")]
    [InlineData("/find?count=1&count=2", "count occurs more than once")]
    [InlineData("/find?some_name=1&someName=2", "someName occurs more than once")]
    [InlineData("/find?left=1&right=2", "right occurs more than once, or excludes another parameter.")]
    [InlineData("/find?nested.count=99999999999", "nested.count must be a whole number from -2147483648 to 2147483647.")]
    [InlineData("/find?flag=yes", "flag must be true or false.")]
    public async Task Query_ThatIsWrong_IsRefusedByName(string path, string sentence)
    {
        var answer = await _server.SendAsync(HttpMethod.Get, path);

        Assert.Equal(400, answer.Status);
        Assert.Contains(sentence, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyField_OfARule_TakesTheBody()
    {
        var job = await _server.SendAsync(HttpMethod.Put, "/jobs/77?clientKey=k&task.type=ignored", """{"type":"Robot"}""");
        var numbers = await _server.SendAsync(HttpMethod.Patch, "/find?text=t", "[1,\"2\"]");

        Assert.Equal(200, job.Status);
        Assert.Equal(new CreateJobRequest { ClientKey = "k", Task = new Job { Id = "77", Type = "Robot" } }, _server.Handlers.LastJob);
        Assert.Equal(new Echo { Text = "t", Numbers = { 1, 2 } }, Codecs.Read<Echo>(numbers.Body));
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("PURGE")]
    public async Task Method_OfARule_MayBeAny(string method) =>
        Assert.Equal(200, (await _server.SendAsync(new HttpMethod(method), "/find")).Status);

    [Theory]
    [InlineData("/createjob")]
    [InlineData("/CREATEJOB")]
    [InlineData("/createJob/more")]
    [InlineData("/Old/createJob")]
    [InlineData("/nothing.html")]
    [InlineData("/transcoding.test.jobservice/SamePath")]
    [InlineData("/transcoding.test.JobService/GrpcOnly")]
    [InlineData("/")]
    public async Task Path_ThatIsUnknown_IsAnsweredByTheProfile(string path)
    {
        var answer = await _server.PostAsync(path, "{}");

        Assert.Equal((404, "application/json"), (answer.Status, answer.ContentType));
        Assert.Equal("""{"error":{"code":404,"message":"There is no such method.","status":"UNIMPLEMENTED"}}""", answer.Body);
    }

    [Theory]
    [InlineData("GET", "/createJob", "POST")]
    [InlineData("GET", "/old/createJob/", "POST")]
    [InlineData("POST", "/find", "DELETE, GET, PATCH, PURGE")]
    public async Task Method_ThatIsWrong_IsAnsweredWithThoseThatAreRight(string method, string path, string allowed)
    {
        var answer = await _server.SendAsync(new HttpMethod(method), path);

        Assert.Equal((405, "application/json"), (answer.Status, answer.ContentType));
        Assert.Equal(allowed, string.Join(", ", answer.ContentHeaders.Allow));
        Assert.Contains("UNIMPLEMENTED", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_ThatIsNotServedHere_IsAnUnknownPath()
    {
        await using var server = await JobServer.StartAsync(isServed: (_, method) => method.Name != "CreateJob");

        Assert.Equal(404, (await server.SendAsync(HttpMethod.Get, "/createJob")).Status);
        Assert.Equal(405, (await server.SendAsync(HttpMethod.Post, "/find")).Status);
    }

    [Fact]
    public async Task Head_OfAnUnknownPath_HasNoBody() =>
        Assert.Equal((404, ""), (await _server.SendAsync(HttpMethod.Head, "/nothing")) is var answer ? (answer.Status, answer.Body) : default);

    [Theory]
    [InlineData("/other.Service/Method")]
    [InlineData("/transcoding.test.JobService/Missing")]
    [InlineData("/transcoding.test.JobService/samename")]
    [InlineData("/createJob")]
    [InlineData("/one/two/three")]
    public async Task GrpcCall_ToWhatIsNotThere_IsAnsweredAsGrpcHasIt(string path)
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("http://" + _server.Channel.Target + path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var status = response.Headers.TryGetValues("grpc-status", out var early) ? early : response.TrailingHeaders.GetValues("grpc-status");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([((int)StatusCode.Unimplemented).ToString(System.Globalization.CultureInfo.InvariantCulture)], status);
    }
}
