using System.Net;
using System.Security.Cryptography;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.TestKit;

namespace UCaptcha.Core.Tests.Keys;

public sealed class KeyRulesTests
{
    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("example.com", "www.example.com", true)]
    [InlineData("example.com", "notexample.com", false)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("EXAMPLE.com.", "example.com", true)]
    [InlineData("bücher.de", "xn--bcher-kva.de", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("0.0.1", "127.0.0.1", false)]
    public void Matches_Host_FollowsTheRule(string rule, string host, bool expected)
    {
        Assert.True(DomainRules.TryParse([rule], out var rules, out _));
        Assert.Equal(expected, rules.Matches(host));
    }

    [Theory]
    [InlineData("not a domain")]
    [InlineData("")]
    public void TryParse_NoDomain_NamesIt(string entry)
    {
        Assert.False(DomainRules.TryParse(["example.com", entry], out _, out var bad));
        Assert.Equal(entry, bad);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.0/24", "203.0.113.255", true)]
    [InlineData("203.0.113.0/24", "203.0.114.0", false)]
    [InlineData("203.0.113.0/24", "::ffff:203.0.113.9", true)]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.0/120", "::ffff:203.0.113.9", true)]
    [InlineData("::ffff:203.0.113.0/120", "203.0.114.9", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    public void Contains_Address_FollowsTheRange(string rule, string address, bool expected)
    {
        Assert.True(AddressRules.TryParse([rule], out var rules, out _));
        Assert.Equal(expected, rules.Contains(IPAddress.Parse(address)));
    }

    [Fact]
    public void Generate_Keys_HaveThePrefixAndDiffer()
    {
        using var random = RandomNumberGenerator.Create();
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKeyText.Generate(random)).ToHashSet();
        Assert.Equal(100, keys.Count);
        Assert.All(keys, key => Assert.Matches("^ucap_[A-Za-z0-9]{32}$", key));
    }

    [Fact]
    public void Find_KnownAndUnknownTexts_IsByHash()
    {
        var ring = new KeyRing(TimeProvider.System);
        var key = new ApiKey(1, "a", new KeySettings(), Budget: null);
        ring.Replace([(new StoredKey(1, "a", ApiKeyText.Hash("some-key"), Configured: true, Budget: null), key)]);
        Assert.Same(key, ring.Find("some-key"));
        Assert.Null(ring.Find("some-key "));
        Assert.Null(ring.Find(""));
        Assert.Null(ring.Find(new string('x', 100_000)));
    }

    [Fact]
    public void Find_TextBeforeARotation_IsGoodUntilItsMoment()
    {
        var clock = new ManualTimeProvider();
        var ring = new KeyRing(clock);
        var key = new ApiKey(1, "a", new KeySettings(), Budget: null);
        var stored = new StoredKey(1, "a", ApiKeyText.Hash("new-text"), Configured: false, Budget: null)
        {
            PreviousHash = ApiKeyText.Hash("old-text"),
            PreviousUntil = clock.GetUtcNow().AddMinutes(5),
        };
        ring.Replace([(stored, key)]);

        Assert.Same(key, ring.Find("old-text"));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(ring.Find("old-text"));
        Assert.Same(key, ring.Find("new-text"));
    }

    [Fact]
    public void IsCurrent_AsLongAsTheStoreConfirms()
    {
        var clock = new ManualTimeProvider();
        var ring = new KeyRing(clock);
        Assert.False(ring.IsCurrent);
        ring.Confirm();
        clock.Advance(KeyRing.LongestUnconfirmed);
        Assert.True(ring.IsCurrent);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(ring.IsCurrent);
        ring.Confirm();
        Assert.True(ring.IsCurrent);
        ring.Doubt();
        Assert.False(ring.IsCurrent);
    }

    [Fact]
    public void KeySettingsJson_BadStoredEntry_IsNamed() =>
        Assert.Contains("'not a domain'", Assert.Throws<FormatException>(() => KeySettingsJson.Read("""{"allowedDomains":["not a domain"]}""")).Message);
}
