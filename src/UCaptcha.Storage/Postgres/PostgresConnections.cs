using System.Globalization;
using Npgsql;

namespace UCaptcha.Storage.Postgres;

/// <summary>Opens connections to one database: pooled ones that read, and single ones that stay open.</summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    /// <summary>A statement that takes longer is given up.</summary>
    private const int CommandSeconds = 15;

    private const int AutoPrepared = 64;
    private const int KeepAliveSeconds = 10;
    private const int LongestIdleMs = 3000;

    /// <summary>How long a host may be taken for what it was, where the connection string names several: so soon a new primary is found.</summary>
    private const int HostRecheckSeconds = 1;

    private readonly string _writing;
    private readonly string _single;
    private readonly string _leaseKeeping;
    private readonly string _setUp;

    public PostgresConnections(PostgresStorageOptions options)
    {
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Timeout = Math.Max(1, (int)options.Patience.TotalSeconds),
            CommandTimeout = CommandSeconds,
            CancellationTimeout = 2000,
            ApplicationName = "ucaptcha",
            IncludeErrorDetail = false,
            LogParameters = false,
            Enlist = false,
            HostRecheckSeconds = HostRecheckSeconds,
        };
        // A node that stalls inside a transaction keeps the locks of keys and customers, for which the other nodes wait.
        var idle = Math.Clamp((int)(options.LeaseTime.TotalMilliseconds / 3), 1000, LongestIdleMs);
        _setUp = string.Create(
            CultureInfo.InvariantCulture,
            $"SET synchronous_commit = {(options.FlushEveryCommit ? "on" : "off")}; SET idle_in_transaction_session_timeout = {idle}; SET lock_timeout = {(int)options.LockPatience.TotalMilliseconds}");
        // Kept alive by the system: a query of Npgsql's own could find a connection broken between two statements of a transaction, and Dapper opens
        // it anew then, and makes the rest of them outside of it.
        var writing = new NpgsqlConnectionStringBuilder(text.ConnectionString) { Pooling = false, KeepAlive = 0 };
        if (!IsOnUnixSocket(text))
            (writing.TcpKeepAlive, writing.TcpKeepAliveTime, writing.TcpKeepAliveInterval) = (true, KeepAliveSeconds, 1);
        _writing = writing.ConnectionString;
        _single = new NpgsqlConnectionStringBuilder(text.ConnectionString) { Pooling = false, KeepAlive = KeepAliveSeconds }.ConnectionString;
        _leaseKeeping = new NpgsqlConnectionStringBuilder(_single) { CommandTimeout = Math.Clamp((int)(options.LeaseTime.TotalSeconds / 4), 1, CommandSeconds) }.ConnectionString;
        text.Pooling = true;
        text.MinPoolSize = 0;
        text.MaxPoolSize = options.Readers;
        text.MaxAutoPrepare = AutoPrepared;
        text.AutoPrepareMinUsages = 2;
        Pool = NpgsqlDataSource.Create(text);
    }

    public NpgsqlDataSource Pool { get; }

    /// <summary>A connection that commits as the options say.</summary>
    public NpgsqlConnection OpenWriter()
    {
        var connection = new NpgsqlConnection(_writing);
        try
        {
            connection.Open();
            using var setUp = new NpgsqlCommand(_setUp, connection);
            setUp.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that hears news.</summary>
    public Task<NpgsqlConnection> OpenListenerAsync(CancellationToken cancellationToken) => OpenAsync(_single, cancellationToken);

    /// <summary>A connection that keeps the lease: a database that hangs is given up while there is time to find another one.</summary>
    public Task<NpgsqlConnection> OpenForLeaseAsync(CancellationToken cancellationToken) => OpenAsync(_leaseKeeping, cancellationToken);

    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    /// <summary>Such a socket breaks with the server, and refuses the options of TCP.</summary>
    private static bool IsOnUnixSocket(NpgsqlConnectionStringBuilder text) => text.Host?.Split(',').Any(host => host.TrimStart() is ['/' or '@', ..]) == true;

    private static async Task<NpgsqlConnection> OpenAsync(string text, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(text);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
