using UCaptcha.Core;

namespace UCaptcha.Server.Admin;

/// <summary>Names of customers and keys.</summary>
internal static class Names
{
    private const int Longest = 64;

    /// <exception cref="RefusedException">The name cannot be used.</exception>
    public static void Check(string name)
    {
        if (name.Length is 0 or > Longest || name.Any(char.IsControl))
            throw AdminRefusals.Bad("name", "name must have 1 to 64 characters, none of them a control character.");
    }

    public static RefusedException Taken(string what, string name) => AdminRefusals.Taken("name", $"There is a {what} '{name}' already.");
}
