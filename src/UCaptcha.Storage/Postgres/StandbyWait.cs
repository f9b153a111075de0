using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>
/// Listens whether a commit stopped waiting for its standby. With synchronous replication PostgreSQL commits on its own disk first; when the wait that
/// follows is cancelled, by a time-out too, it reports success with a warning. Such a commit is lost when the standby becomes the primary.
/// </summary>
internal sealed class StandbyWait : IDisposable
{
    /// <summary>The SQLSTATE of a warning that has no other.</summary>
    private const string Warning = "01000";

    private readonly NpgsqlConnection _connection;
    private PostgresNotice? _cancelled;

    /// <param name="connection">What commits. Begin before the commit.</param>
    public StandbyWait(NpgsqlConnection connection)
    {
        _connection = connection;
        connection.Notice += Hear;
    }

    /// <summary>After the commit: why it may get lost, or null.</summary>
    public CommitUnsureException? Cancelled => _cancelled is { } notice ? new CommitUnsureException(new StoreUnavailableException(notice.MessageText)) : null;

    public void Dispose() => _connection.Notice -= Hear;

    private void Hear(object sender, NpgsqlNoticeEventArgs heard)
    {
        if (heard.Notice.SqlState == Warning)
            _cancelled = heard.Notice;
    }
}
