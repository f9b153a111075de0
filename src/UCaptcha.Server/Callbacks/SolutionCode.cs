using System.Text;
using System.Text.Json;

namespace UCaptcha.Server.Callbacks;

/// <summary>The one string that stands for a solution in the native callback.</summary>
internal static class SolutionCode
{
    /// <summary>
    /// The first non-empty string among the members <c>gRecaptchaResponse</c>, <c>token</c> and <c>text</c>, in this order; else the solution as JSON.
    /// </summary>
    /// <param name="solution">UTF-8 JSON, or empty for a purged one, which has an empty code.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static string Of(ReadOnlySpan<byte> solution) => TokenOf(solution) ?? Encoding.UTF8.GetString(solution);

    /// <summary>The first non-empty string among the same members, or null when there is none.</summary>
    /// <param name="solution">UTF-8 JSON, or empty for a purged one.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static string? TokenOf(ReadOnlySpan<byte> solution)
    {
        if (solution.IsEmpty)
            return null;
        var reader = new Utf8JsonReader(solution);
        string? response = null, token = null, text = null;
        if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("gRecaptchaResponse"u8))
                    response = Value(ref reader);
                else if (reader.ValueTextEquals("token"u8))
                    token = Value(ref reader);
                else if (reader.ValueTextEquals("text"u8))
                    text = Value(ref reader);
                else
                    reader.Skip();
            }
        }

        return response ?? token ?? text;
    }

    private static string? Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        var value = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        reader.Skip();
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
