using System.Net;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers.Profiles;
using UCaptcha.Providers.Protocol;

namespace UCaptcha.Providers.Tests;

/// <summary>What is made of answers to createTask that say neither an error nor an id.</summary>
public sealed class CreateTaskTests
{
    private static readonly TaskRequest Turnstile = TaskCatalogue.Default.Read("""{"type":"TurnstileTask","websiteURL":"https://example.com","websiteKey":"k"}"""u8.ToArray());

    [Theory]
    [InlineData(401, ErrorClass.Account)]
    [InlineData(402, ErrorClass.Account)]
    [InlineData(403, ErrorClass.Account)]
    [InlineData(404, ErrorClass.Retryable)]
    [InlineData(429, ErrorClass.Busy)]
    [InlineData(503, ErrorClass.Transport)]
    public async Task SubmitAsync_RefusedByItsStatus_IsRefusedWhateverTheBody(int status, ErrorClass expected)
    {
        foreach (var body in new[] { "", "<html></html>", """{"message":"no"}""" })
            Assert.Equal(expected, Assert.IsType<SubmitOutcome.Refused>(await SubmitAsync(status, body)).Error.Class);
    }

    private static async Task<SubmitOutcome> SubmitAsync(int status, string body)
    {
        using var client = new HttpClient(new Answering((HttpStatusCode)status, body));
        var http = new UpstreamHttp(client, "http://127.0.0.1:1", UpstreamHttp.AnswerTimeout, TimeProvider.System);
        var account = new CreateTaskAccount(CapMonster.Profile, new ProviderAccountSettings { Slug = "a", Kind = "capmonster", ApiKey = "k" }, http, TimeProvider.System);
        return await account.SubmitAsync(Turnstile, TestContext.Current.CancellationToken);
    }
}
