using System.Data.Common;
using System.Text.RegularExpressions;

namespace UCaptcha.Storage.Sql;

/// <summary>A prepared statement that is run often. Values are bound in the order in which the parameters first appear in the text.</summary>
internal sealed partial class Statement : IDisposable
{
    private readonly DbCommand _command;
    private readonly DbParameter[] _parameters;

    /// <param name="connection">Where it is prepared.</param>
    /// <param name="sql">The text.</param>
    /// <param name="describe">Gives the command its parameters, where the database must be asked for their types.</param>
    public Statement(DbConnection connection, string sql, Action<DbCommand>? describe = null)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        (describe ?? AddUntyped)(_command);
        _parameters = [.. _command.Parameters.Cast<DbParameter>()];
        _command.Prepare();
    }

    /// <summary>The parameters of a text in the order of their first appearance, each with its <c>@</c>.</summary>
    public static IEnumerable<string> ParametersOf(string sql) => Names().Matches(sql).Select(match => match.Value).Distinct();

    /// <summary>Runs it and returns how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it and returns its rows. Only one reader of a statement may be open.</summary>
    public DbDataReader Query(params ReadOnlySpan<object?> values)
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

    private static void AddUntyped(DbCommand command)
    {
        foreach (var name in ParametersOf(command.CommandText))
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, DBNull.Value);
            command.Parameters.Add(parameter);
        }
    }

    [GeneratedRegex(@"@\w+")]
    private static partial Regex Names();
}
