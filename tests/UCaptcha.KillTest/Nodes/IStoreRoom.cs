using System.Data.Common;

namespace UCaptcha.KillTest.Nodes;

/// <summary>Where the servers under test keep their tasks, and the oracle's own way to look at it.</summary>
internal interface IStoreRoom : IAsyncDisposable
{
    /// <summary>What the servers are told of it.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The data folder of a node.</summary>
    string DataFolder(int node);

    /// <summary>An open connection that only reads.</summary>
    DbConnection Connect();

    /// <summary>Begins to note which node takes which tasks of which other one. Call once the servers have made their tables.</summary>
    void NoteTakeovers()
    {
    }

    /// <summary>When other nodes took the tasks of nodes that were gone.</summary>
    IReadOnlyList<Takeover> Takeovers() => [];

    /// <summary>Stops the database itself as a crash does, and starts it again.</summary>
    Task CrashAsync() => throw DiesNotAlone();

    /// <summary>Halts the database for so long, with its connections open.</summary>
    Task StallAsync(TimeSpan time) => throw DiesNotAlone();

    /// <summary>Has the database's standby take over from it for good.</summary>
    Task FailOverAsync() => throw DiesNotAlone();

    /// <summary>After that, makes a new standby. Until then there must not be another such death.</summary>
    Task ReplaceStandbyAsync() => throw DiesNotAlone();

    private static NotSupportedException DiesNotAlone() => new("Only a database that is a program of its own can die alone.");
}
