using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace UCaptcha.Core.Notifications;

/// <summary>A secret that signs callbacks as Standard Webhooks 1.0.0 has it. Its text is <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
public sealed class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>When it stops to sign, or null.</summary>
    public DateTimeOffset? Until { get; private init; }

    /// <summary>Reads a secret; false when the text is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out WebhookSecret? secret)
    {
        secret = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var key = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[Prefix.Length..], key, out var length) || length is < LeastBytes or > MostBytes)
            return false;
        secret = new WebhookSecret(key[..length]);
        return true;
    }

    /// <summary>The same secret, which stops to sign at a moment, or goes on for good.</summary>
    public WebhookSecret EndingAt(DateTimeOffset? until) => new(_key) { Until = until };

    /// <summary>Whether it signs at a moment.</summary>
    public bool SignsAt(DateTimeOffset at) => Until is not { } until || at < until;

    /// <summary>The signature of a message: <c>v1,</c> and the HMAC-SHA256 of id, time and body in base64.</summary>
    /// <param name="id">The message's id; holds no full stop.</param>
    /// <param name="at">When it is sent, in whole seconds.</param>
    /// <param name="body">The body as it is sent.</param>
    public string Sign(string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}."));
        byte[] signed = [.. head, .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(_key, signed));
    }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => Prefix + "…";
}
