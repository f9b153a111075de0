using Microsoft.Data.Sqlite;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite.Reading;

/// <summary>A connection that reads, with its prepared statements. Used by one caller at a time.</summary>
internal sealed class ReadSession : IDisposable
{
    public ReadSession(SqliteConnection connection)
    {
        Connection = connection;
        TaskById = new Statement(connection, TaskSql.ById);
        TaskByShortId = new Statement(connection, TaskSql.ByShortId);
        AttemptsByTask = new Statement(connection, AttemptSql.ByTask);
        Unfinished = new Statement(connection, TaskSql.Unfinished);
        Finished = new Statement(connection, TaskSql.Finished);
        LastSequence = new Statement(connection, TaskSql.LastSequence);
        Begin = new Statement(connection, "BEGIN");
        End = new Statement(connection, "COMMIT");
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
