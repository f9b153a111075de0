namespace UCaptcha.Storage.Sqlite;

/// <summary>Files that hold a database: what is in them is for their owner alone, whoever may look into the folder.</summary>
internal static class OwnersFile
{
    /// <summary>Makes an empty one.</summary>
    /// <exception cref="IOException">There is a file of this name.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
