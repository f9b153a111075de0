using Microsoft.Data.Sqlite;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite.Reading;

/// <summary>A connection that reads, with its prepared statements. Used by one caller at a time.</summary>
internal sealed class ReadSession : IDisposable
{
    public ReadSession(SqliteConnection connection)
    {
        Connection = connection;
        TaskById = new SqliteStatement(connection, TaskSql.ById);
        TaskByShortId = new SqliteStatement(connection, TaskSql.ByShortId);
        AttemptsByTask = new SqliteStatement(connection, AttemptSql.ByTask);
        Unfinished = new SqliteStatement(connection, TaskSql.Unfinished);
        Finished = new SqliteStatement(connection, TaskSql.Finished);
        LastSequence = new SqliteStatement(connection, TaskSql.LastSequence);
        Begin = new SqliteStatement(connection, "BEGIN");
        End = new SqliteStatement(connection, "COMMIT");
    }

    public SqliteConnection Connection { get; }

    public Statement TaskById { get; }

    public Statement TaskByShortId { get; }

    public Statement AttemptsByTask { get; }

    public Statement Unfinished { get; }

    public Statement Finished { get; }

    public Statement LastSequence { get; }

    public Statement Begin { get; }

    public Statement End { get; }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[TaskById, TaskByShortId, AttemptsByTask, Unfinished, Finished, LastSequence, Begin, End])
            statement.Dispose();
        Connection.Dispose();
    }
}
