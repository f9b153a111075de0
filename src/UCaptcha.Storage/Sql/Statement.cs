using System.Data.Common;
using System.Text.RegularExpressions;

namespace UCaptcha.Storage.Sql;

/// <summary>
/// A statement that is run often, prepared when it is run for the first time. Values are bound in the order in which the parameters first appear in the text.
/// </summary>
/// <param name="connection">Where it is prepared.</param>
/// <param name="sql">The text.</param>
/// <param name="describe">Gives the command its parameters, where the database must be asked for their types.</param>
internal sealed partial class Statement(DbConnection connection, string sql, Action<DbCommand>? describe = null) : IDisposable
{
    private DbCommand? _command;
    private DbParameter[] _parameters = [];

    /// <summary>The parameters of a text in the order of their first appearance, each with its <c>@</c>.</summary>
    public static IEnumerable<string> ParametersOf(string sql) => Names().Matches(sql).Select(match => match.Value).Distinct();

    /// <summary>Runs it and returns how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values) => Bind(values).ExecuteNonQuery();

    /// <summary>Runs it and returns its rows. Only one reader of a statement may be open.</summary>
    public DbDataReader Query(params ReadOnlySpan<object?> values) => Bind(values).ExecuteReader();

    /// <summary>Runs it and returns the first column of the first row, or null.</summary>
    public object? Scalar(params ReadOnlySpan<object?> values) => Bind(values).ExecuteScalar();

    public void Dispose() => _command?.Dispose();

    private DbCommand Bind(ReadOnlySpan<object?> values)
    {
        var command = _command ??= Prepare();
        if (values.Length != _parameters.Length)
            throw new ArgumentException($"The statement has {_parameters.Length} parameters and got {values.Length} values.", nameof(values));
        for (var i = 0; i < values.Length; i++)
            _parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    private DbCommand Prepare()
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        if (command.CommandText.Contains('@', StringComparison.Ordinal))
            (describe ?? AddUntyped)(command);
        _parameters = [.. command.Parameters.Cast<DbParameter>()];
        command.Prepare();
        return command;
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
