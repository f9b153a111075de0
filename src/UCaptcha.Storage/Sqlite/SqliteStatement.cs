using System.Data.Common;
using Microsoft.Data.Sqlite;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite;

/// <summary>A statement on one connection to the file, where an answer costs nothing.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, string sql) : Statement
{
    private SqliteCommand? _command;
    private SqliteParameter[] _parameters = [];

    public override int Execute(params ReadOnlySpan<object?> values) => Bind(values).ExecuteNonQuery();

    public override DbDataReader Query(params ReadOnlySpan<object?> values) => Bind(values).ExecuteReader();

    public override object? Scalar(params ReadOnlySpan<object?> values) => Bind(values).ExecuteScalar();

    public override void Dispose()
    {
        _command?.Dispose();
        base.Dispose();
    }

    private SqliteCommand Bind(ReadOnlySpan<object?> values)
    {
        var command = _command ??= Prepare();
        if (values.Length != _parameters.Length)
            throw WrongCount(_parameters.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
            _parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    private SqliteCommand Prepare()
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        _parameters = [.. ParametersOf(sql).Select(name => command.Parameters.AddWithValue(name, DBNull.Value))];
        command.Prepare();
        return command;
    }
}
