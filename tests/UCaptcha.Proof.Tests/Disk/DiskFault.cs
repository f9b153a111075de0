using Microsoft.Data.Sqlite;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Disk;

/// <summary>What becomes of the database of a running server.</summary>
public enum Trouble
{
    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The file system was made read-only.</summary>
    ReadOnly,

    /// <summary>The disk does not flush what was written.</summary>
    FailingFlush,

    /// <summary>Another program holds a lock.</summary>
    Locked,

    /// <summary>Somebody moved the file.</summary>
    FileGone,

    /// <summary>Somebody moved the folder.</summary>
    FolderGone,
}

/// <summary>Makes trouble and ends it.</summary>
internal sealed class DiskFault(Trouble trouble, ServerProcess server, SystemFaults faults, string dataFolder)
{
    private SqliteConnection? _lock;

    private string Database => Path.Combine(dataFolder, "ucaptcha.db");

    public async Task BeginAsync()
    {
        switch (trouble)
        {
            case Trouble.DiskFull:
                await faults.BeginAsync(server.Program, SystemFaults.Write, SystemFaults.NoSpace);
                break;
            case Trouble.ReadOnly:
                await faults.BeginAsync(server.Program, SystemFaults.Write, SystemFaults.ReadOnly);
                break;
            case Trouble.FailingFlush:
                await faults.BeginAsync(server.Program, SystemFaults.Flush, SystemFaults.InputOutputError);
                break;
            case Trouble.Locked:
                _lock = new SqliteConnection($"Data Source={Database};Pooling=False");
                await _lock.OpenAsync();
                await ExecuteAsync("BEGIN IMMEDIATE");
                break;
            case Trouble.FileGone:
                File.Move(Database, Database + ".aside");
                break;
            case Trouble.FolderGone:
                Directory.Move(dataFolder, dataFolder + ".aside");
                break;
        }
    }

    public async Task EndAsync()
    {
        switch (trouble)
        {
            case Trouble.DiskFull or Trouble.ReadOnly:
                await faults.EndAsync(server.Program, SystemFaults.Write);
                break;
            case Trouble.FailingFlush:
                await faults.EndAsync(server.Program, SystemFaults.Flush);
                break;
            case Trouble.Locked:
                await ExecuteAsync("ROLLBACK");
                await _lock!.DisposeAsync();
                break;
            case Trouble.FileGone:
                File.Move(Database + ".aside", Database);
                break;
            case Trouble.FolderGone:
                Directory.Move(dataFolder + ".aside", dataFolder);
                break;
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _lock!.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
