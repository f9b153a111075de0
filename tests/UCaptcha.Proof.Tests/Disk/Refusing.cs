using System.Net;
using Grpc.Core;
using UCaptcha.TestKit;

namespace UCaptcha.Proof.Tests.Disk;

/// <summary>How a server must speak on every surface while its store takes no writes.</summary>
internal static class Refusing
{
    /// <summary>What each dialect calls a refusal that is worth another try.</summary>
    public static readonly (string? Dialect, string Code)[] Dialects =
    [
        (null, "ERROR_SERVICE_NOT_AVAILABLE"),
        ("capmonster", "ERROR_SERVICE_NOT_AVAILABLE"),
        ("anticaptcha", "ERROR_NO_SLOT_AVAILABLE"),
        ("twocaptcha", "ERROR_NO_SLOT_AVAILABLE"),
        ("capsolver", "ERROR_SERVICE_UNAVALIABLE"),
    ];

    public static async Task AssertAsync(DiskClient client)
    {
        var overGrpc = client.CreateOverGrpcAsync();
        var inPhp = client.CreateInAsync();
        var customer = client.CreateCustomerAsync();
        var creations = Dialects.Select(async dialect => (dialect.Code, Answer: await client.CreateAsync(dialect.Dialect))).ToList();

        foreach (var (code, answer) in await Task.WhenAll(creations))
        {
            Assert.Equal(code, answer["errorCode"]);
            AssertHarmless(answer);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await creations[0]).Answer.Status);
        Assert.Equal(StatusCode.Unavailable, await overGrpc);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "ERROR_SERVICE_NOT_AVAILABLE"), ((await inPhp).Status, (await inPhp).Text));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await customer).Status);
        AssertHarmless(await customer);
        Assert.Equal(new Answer(HttpStatusCode.ServiceUnavailable, "store unavailable"), await client.GetAsync("/healthz"));
        await Eventually.TrueAsync(async () => !await client.ServesAsync(""));
        Assert.False(await client.ServesAsync("ucaptcha.v1.CaptchaService"));
        Assert.True(await client.ServesAsync("grpc.health.v1.Health"));
    }

    public static void AssertHarmless(Answer answer)
    {
        Assert.DoesNotContain("KEY_DOES_NOT_EXIST", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ZERO_BALANCE", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("CAPCHA_ID", answer.Text.Replace("CAPTCHA_ID", "CAPCHA_ID", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ucaptcha.db", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("SQLite", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Postgres", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(PostgresTrouble.Message, answer.Text, StringComparison.Ordinal);
    }
}
