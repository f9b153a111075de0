using System.Security.Cryptography;
using System.Text;

namespace UCaptcha.Core.Keys;

/// <summary>The text of an API key: how it is made, checked and hashed. The text itself is never stored.</summary>
public static class ApiKeyText
{
    /// <summary>What made keys begin with, so that secret scanners know them.</summary>
    public const string Prefix = "ucap_";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int RandomLength = 32;
    private const int VisibleLength = 4;
    private const int Shortest = 8;
    private const int Longest = 128;

    /// <summary>Makes a key: the prefix and 32 random letters and digits, about 190 bits.</summary>
    public static string Generate(RandomNumberGenerator random)
    {
        var text = new StringBuilder(Prefix, Prefix.Length + RandomLength);
        Span<byte> draw = stackalloc byte[1];
        while (text.Length < Prefix.Length + RandomLength)
        {
            random.GetBytes(draw);
            // Draws beyond the last whole alphabet are thrown away: every character is as likely as any other.
            if (draw[0] < byte.MaxValue / Alphabet.Length * Alphabet.Length)
                text.Append(Alphabet[draw[0] % Alphabet.Length]);
        }

        return text.ToString();
    }

    /// <summary>Whether a configured key can be used: 8 to 128 visible ASCII characters. People keep old vendor keys in their clients.</summary>
    public static bool IsValid(string text) =>
        text.Length is >= Shortest and <= Longest && text.All(character => character is > ' ' and < (char)127);

    /// <summary>What of a made key may be kept and shown: enough to recognise it, nothing to guess it by.</summary>
    public static string VisiblePart(string text) => text[..(Prefix.Length + VisibleLength)];

    /// <summary>SHA-256 of the UTF-8 text. Keys are random, so no slow hash is needed.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
