using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace UCaptcha.Storage.Sqlite;

/// <summary>A prepared statement that is run often. Values are bound in the order in which the parameters first appear in the text.</summary>
internal sealed partial class Statement : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter[] _parameters;

    public Statement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        _parameters = [.. Names().Matches(sql).Select(m => m.Value).Distinct().Select(n => new SqliteParameter { ParameterName = n, Value = DBNull.Value })];
        _command.Parameters.AddRange(_parameters);
        _command.Prepare();
    }

    /// <summary>Runs it and returns how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it and returns its rows. Only one reader of a statement may be open.</summary>
    public SqliteDataReader Query(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    /// <summary>Runs it and returns the first column of the first row, or null.</summary>
    public object? Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteScalar();
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        if (values.Length != _parameters.Length)
            throw new ArgumentException($"The statement has {_parameters.Length} parameters and got {values.Length} values.", nameof(values));
        for (var i = 0; i < values.Length; i++)
            _parameters[i].Value = values[i] ?? DBNull.Value;
    }

    [GeneratedRegex(@"@\w+")]
    private static partial Regex Names();
}
