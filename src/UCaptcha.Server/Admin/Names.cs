using System.Globalization;
using UCaptcha.Core;

namespace UCaptcha.Server.Admin;

/// <summary>Names of customers and keys.</summary>
internal static class Names
{
    private const int Longest = 64;

    /// <exception cref="RefusedException">The name cannot be used.</exception>
    public static void Check(string name)
    {
        if (name.Length > Longest || name.All(IsBlank) || name.Any(IsControl))
            throw AdminRefusals.Bad("name", "name must have 1 to 64 characters, some that can be seen and none of them a control character.");
    }

    public static RefusedException Taken(string what, string name) => AdminRefusals.Taken("name", $"There is a {what} '{name}' already.");

    /// <summary>Whether nothing is seen of it.</summary>
    private static bool IsBlank(char character) => char.IsWhiteSpace(character) || char.GetUnicodeCategory(character) == UnicodeCategory.Format;

    private static bool IsControl(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
