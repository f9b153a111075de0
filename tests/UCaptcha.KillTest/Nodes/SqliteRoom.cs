using System.Data.Common;
using Microsoft.Data.Sqlite;
using UCaptcha.TestKit;

namespace UCaptcha.KillTest.Nodes;

/// <summary>One SQLite file in a folder of its own: for one node.</summary>
internal sealed class SqliteRoom : IStoreRoom
{
    private readonly TemporaryFolder _folder = new();

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    public string DataFolder(int node) => _folder.Path;

    public DbConnection Connect() => OpenFile(FilePath);

    /// <summary>The file.</summary>
    public string FilePath => Path.Combine(_folder.Path, "ucaptcha.db");

    public static DbConnection OpenFile(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
