using UCaptcha.Server.Callbacks;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class CallbackQueryTests
{
    private const string Id = "0197a8a0-0000-7000-8000-000000000001";

    [Theory]
    [InlineData("https://a.example", "https://a.example/?captcha_id=")]
    [InlineData("https://a.example/hook", "https://a.example/hook?captcha_id=")]
    [InlineData("https://a.example/hook?", "https://a.example/hook?captcha_id=")]
    [InlineData("https://a.example/hook?user=1", "https://a.example/hook?user=1&captcha_id=")]
    [InlineData("https://a.example/hook?user=1&", "https://a.example/hook?user=1&captcha_id=")]
    [InlineData("https://a.example/hook#part", "https://a.example/hook?captcha_id=")]
    [InlineData("https://a.example/hook?user=1#part?x", "https://a.example/hook?user=1&captcha_id=")]
    [InlineData("https://a.example#part", "https://a.example/?captcha_id=")]
    public void Append_AnyUrl_KeepsItsOwnQuery(string url, string start) =>
        Assert.Equal($"{start}{Id}&status=1&code=t", CallbackQuery.Append(url, Guid.Parse(Id), success: true, "t")?.AbsoluteUri);

    [Fact]
    public void Append_OddCode_EscapesIt() => Assert.EndsWith(
        "&status=1&code=a%26b%3Dc%20%2B%2F%23%3F%C3%A9%22", CallbackQuery.Append("https://a.example", Guid.Parse(Id), success: true, "a&b=c +/#?é\"")?.AbsoluteUri, StringComparison.Ordinal);

    [Theory]
    [InlineData(false, "t", "&status=0")]
    [InlineData(false, null, "&status=0")]
    [InlineData(true, null, "&status=1")]
    public void Append_NoSolution_SendsNoCode(bool success, string? code, string end) =>
        Assert.EndsWith(Id + end, CallbackQuery.Append("https://a.example", Guid.Parse(Id), success, code)?.AbsoluteUri, StringComparison.Ordinal);

    [Fact]
    public void Append_LongCode_KeepsAllOfIt() =>
        Assert.Equal(300_000, CallbackQuery.Append("https://a.example", Guid.Parse(Id), success: true, new string('x', 300_000))?.Query.Count(c => c == 'x'));

    [Fact]
    public void Append_NoUrl_IsNull() => Assert.Null(CallbackQuery.Append("nonsense", Guid.Parse(Id), success: true, "t"));
}
