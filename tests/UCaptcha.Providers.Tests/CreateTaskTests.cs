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

    [Theory]
    [InlineData(200, true)]
    [InlineData(500, true)]
    [InlineData(501, false)]
    [InlineData(502, true)]
    [InlineData(503, false)]
    [InlineData(504, true)]
    [InlineData(520, true)]
    [InlineData(521, false)]
    [InlineData(522, false)]
    [InlineData(523, false)]
    [InlineData(524, true)]
    [InlineData(525, false)]
    [InlineData(526, false)]
    public async Task SubmitAsync_NoReadableError_IsUnknownWhereTheTaskMayHaveArrived(int status, bool mayHaveArrived)
    {
        foreach (var body in new[] { "", "<html></html>", """{"message":"no"}""" })
            Assert.Equal(mayHaveArrived, await SubmitAsync(status, body) is SubmitOutcome.Unknown);
    }

    private static async Task<SubmitOutcome> SubmitAsync(int status, string body)
    {
        using var client = new HttpClient(new Answering((HttpStatusCode)status, body));
        var http = new UpstreamHttp(client, "http://127.0.0.1:1", UpstreamHttp.AnswerTimeout, TimeProvider.System);
        var account = new CreateTaskAccount(CapMonster.Profile, new ProviderAccountSettings { Slug = "a", Kind = "capmonster", ApiKey = "k" }, http, TimeProvider.System);
        return await account.SubmitAsync(Turnstile, TestContext.Current.CancellationToken);
    }
}
