using System.Text;
using Microsoft.Extensions.Configuration;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Options;

namespace UCaptcha.Server.Tests;

/// <summary>A JSON file can say null, where the environment cannot.</summary>
public sealed class NullSettingsTests
{
    [Theory]
    [InlineData("""{"UCaptcha":{"Http":{"Url":null}}}""", "UCaptcha:Http:Url")]
    [InlineData("""{"UCaptcha":{"Http":{"Certificate":{"Path":null}}}}""", "UCaptcha:Http:Certificate:Path")]
    [InlineData("""{"UCaptcha":{"Storage":{"Provider":null}}}""", "UCaptcha:Storage:Provider")]
    [InlineData("""{"UCaptcha":{"DefaultDialect":null}}""", "UCaptcha:DefaultDialect")]
    [InlineData("""{"UCaptcha":{"Keys":{"a":{"Key":null}}}}""", "UCaptcha:Keys:a:Key")]
    [InlineData("""{"UCaptcha":{"Providers":{"x":{"Kind":null,"ApiKey":"k"}}}}""", "UCaptcha:Providers:x:Kind")]
    public void Bind_Null_IsASentenceThatNamesTheSetting(string json, string setting)
    {
        var refusal = Assert.Throws<SettingsException>(() => Bind(json));

        Assert.Equal($"{setting} is null; leave it out, or give it a value.", refusal.Message);
    }

    [Theory]
    [InlineData("""{"UCaptcha":{"Grpc":{"Url":null},"Admin":{"Key":null}}}""")]
    [InlineData("""{"UCaptcha":{"Keys":{"a":{"Key":"a-good-key","Dialect":null,"BudgetUsd":null}}}}""")]
    [InlineData("""{"UCaptcha":{"Providers":{},"Keys":{},"DeniedDomains":[]}}""")]
    [InlineData("""{"UCaptcha":{}}""")]
    [InlineData("{}")]
    public void Bind_NullWhereNothingNeedBe_IsTaken(string json) => Assert.NotNull(Bind(json).Http.Url);

    private static UCaptchaSettings Bind(string json) =>
        SettingsBinding.Bind(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());
}
