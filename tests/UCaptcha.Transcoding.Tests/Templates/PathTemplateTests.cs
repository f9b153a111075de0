using UCaptcha.Transcoding.Templates;

namespace UCaptcha.Transcoding.Tests.Templates;

public sealed class PathTemplateTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a", "/a")]
    [InlineData("/a", "/a/")]
    [InlineData("/a/*", "/a/b")]
    [InlineData("/a/**", "/a")]
    [InlineData("/a/**", "/a/b/c")]
    [InlineData("/a:verb", "/a:verb")]
    [InlineData("/a:verb", "/a:verb/")]
    [InlineData("/{x}/b", "/1/b", "1")]
    [InlineData("/{x.y}/{z}", "/1/2", "1", "2")]
    [InlineData("/v1/{name=shelves/*}", "/v1/shelves/7", "shelves/7")]
    [InlineData("/v1/{name=shelves/*/books/*}/pages/{page}", "/v1/shelves/7/books/8/pages/9", "shelves/7/books/8", "9")]
    [InlineData("/v1/{name=shelves/**}", "/v1/shelves/7/8/9", "shelves/7/8/9")]
    [InlineData("/v1/{name=**}", "/v1", "")]
    [InlineData("/v1/{name=**}:peek", "/v1/a/b:peek", "a/b")]
    [InlineData("/v1/{name}:peek", "/v1/a:b:peek", "a:b")]
    [InlineData("/v1/{name}", "/v1/a%2fb", "a/b")]
    [InlineData("/v1/{name=**}", "/v1/a%2Fb/c", "a%2Fb/c")]
    public void TryMatch_OfAPathThatFits_TakesItsValues(string template, string path, params string[] values)
    {
        var parsed = PathTemplate.Parse(template);
        var taken = new string[parsed.Variables.Count];

        Assert.True(parsed.TryMatch(path, taken));
        Assert.Equal(values, taken);
    }

    [Theory]
    [InlineData("/", "/a")]
    [InlineData("/a", "/")]
    [InlineData("/a", "")]
    [InlineData("/a", "a")]
    [InlineData("/a", "/A")]
    [InlineData("/a", "/a/b")]
    [InlineData("/a", "/a//")]
    [InlineData("/a/*", "/a")]
    [InlineData("/a/*", "/a/")]
    [InlineData("/a/*/c", "/a//c")]
    [InlineData("/a:verb", "/a")]
    [InlineData("/a:verb", "/a:VERB")]
    [InlineData("/a:verb", ":verb")]
    [InlineData("/{x}:verb", "/:verb")]
    [InlineData("/v1/{name=shelves/*}", "/v1/books/7")]
    [InlineData("/v1/{name=shelves/*}", "/v1/shelves/7/8")]
    public void TryMatch_OfAPathThatDoesNotFit_IsFalse(string template, string path) => Assert.False(PathTemplate.Parse(template).IsMatch(path));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("//")]
    [InlineData("/a/")]
    [InlineData("/a b{")]
    [InlineData("/{}")]
    [InlineData("/{x")]
    [InlineData("/{x=}")]
    [InlineData("/{x={y}}")]
    [InlineData("/**/a")]
    [InlineData("/***")]
    [InlineData("/a:")]
    [InlineData("/a:b/c")]
    [InlineData("/{x}/{x}")]
    [InlineData("/a*")]
    public void Parse_OfWhatIsNoTemplate_SaysWhy(string template) =>
        Assert.StartsWith(
            $"The path template '{template}' ",
            Assert.Throws<FormatException>(() => PathTemplate.Parse(template)).Message, StringComparison.Ordinal);
}
