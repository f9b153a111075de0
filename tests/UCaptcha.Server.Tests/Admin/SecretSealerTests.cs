using System.Security.Cryptography;
using System.Text;
using UCaptcha.Server.Secrets;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>Secrets are sealed for one place, under one key.</summary>
public sealed class SecretSealerTests : IDisposable
{
    private static readonly byte[] Old = RandomNumberGenerator.GetBytes(SecretSealer.KeyBytes);
    private static readonly byte[] New = RandomNumberGenerator.GetBytes(SecretSealer.KeyBytes);

    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();

    [Fact]
    public void Open_SameKeyAndPlace_IsTheSecretAndTheBytesDoNotShowIt()
    {
        var sealer = new SecretSealer(New, [], _random);
        var secret = sealer.Seal("the provider's key", "account/a");
        Assert.Equal("the provider's key", sealer.Open(secret, "account/a"));
        Assert.DoesNotContain("provider", Encoding.Latin1.GetString(secret.Bytes.Span));
        Assert.NotEqual(secret.Bytes.ToArray(), sealer.Seal("the provider's key", "account/a").Bytes.ToArray());
    }

    [Fact]
    public void Open_OtherPlace_IsNothing()
    {
        var sealer = new SecretSealer(New, [], _random);
        Assert.Null(sealer.Open(sealer.Seal("s", "account/a"), "account/b"));
    }

    [Fact]
    public void Open_AnyBitTurned_IsNothing()
    {
        var sealer = new SecretSealer(New, [], _random);
        var secret = sealer.Seal("s", "account/a");
        for (var bit = 0; bit < secret.Bytes.Length * 8; bit++)
        {
            var turned = secret.Bytes.ToArray();
            turned[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(sealer.Open(secret with { Bytes = turned }, "account/a"));
        }
    }

    [Fact]
    public void Open_KeyOfBefore_OpensAndTheNewOneSeals()
    {
        var secret = new SecretSealer(Old, [], _random).Seal("s", "account/a");
        var rotated = new SecretSealer(New, [Old], _random);
        Assert.Equal("s", rotated.Open(secret, "account/a"));
        Assert.NotEqual(secret.Key, rotated.Seal("s", "account/a").Key);
        Assert.Null(new SecretSealer(New, [], _random).Open(secret, "account/a"));
        Assert.Null(rotated.Open(secret with { Bytes = new byte[5] }, "account/a"));
    }

    public void Dispose() => _random.Dispose();
}
