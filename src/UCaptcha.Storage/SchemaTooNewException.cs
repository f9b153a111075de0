namespace UCaptcha.Storage;

/// <summary>The database was written by a later version of the program. The message is a sentence for the operator; nothing was changed.</summary>
/// <param name="found">The version of the schema that the database has.</param>
/// <param name="known">The latest version that this program knows.</param>
public sealed class SchemaTooNewException(int found, int known)
    : Exception($"The database has schema version {found}, and this version of the program knows none above {known}. Use a later version of the program.")
{
    /// <summary>The version of the schema that the database has.</summary>
    public int Found { get; } = found;

    /// <summary>The latest version that this program knows.</summary>
    public int Known { get; } = known;
}
