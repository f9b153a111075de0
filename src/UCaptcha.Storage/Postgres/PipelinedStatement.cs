using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>A statement that travels with those that were sent along before it.</summary>
internal sealed class PipelinedStatement(Pipeline pipeline, string sql) : Statement
{
    private string _text = "";
    private NpgsqlDbType[]? _types;

    public override int Execute(params ReadOnlySpan<object?> values) => pipeline.Execute(Bind(values));

    public override DbDataReader Query(params ReadOnlySpan<object?> values) => pipeline.Query(Bind(values));

    public override object? Scalar(params ReadOnlySpan<object?> values)
    {
        using var rows = pipeline.Query(Bind(values));
        return rows.Read() ? rows.GetValue(0) : null;
    }

    public override void Send(params ReadOnlySpan<object?> values) => pipeline.Send(Bind(values));

    public override bool Expect(params ReadOnlySpan<object?> values)
    {
        if (!pipeline.Trusting)
            return Execute(values) > 0;
        pipeline.Expect(Bind(values));
        return true;
    }

    // A new one each time: the same statement may be on its way more than once.
    private NpgsqlBatchCommand Bind(ReadOnlySpan<object?> values)
    {
        _types ??= Describe();
        if (values.Length != _types.Length)
            throw WrongCount(_types.Length, values.Length);
        var command = new NpgsqlBatchCommand(_text);
        for (var i = 0; i < values.Length; i++)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = _types[i], Value = ToSend(values[i]) });
        return command;
    }

    private static object ToSend(object? value) => value is string text ? text.ToDb() : value ?? DBNull.Value;

    /// <summary>Asks the database for the types, and numbers the parameters, which spares reading the text each time.</summary>
    private NpgsqlDbType[] Describe()
    {
        string[] names = [.. ParametersOf(sql)];
        _text = Names().Replace(sql, match => $"${Array.IndexOf(names, match.Value) + 1}");
        if (names.Length == 0)
            return [];
        using var command = new NpgsqlCommand(sql, pipeline.Connection);
        NpgsqlCommandBuilder.DeriveParameters(command);
        return [.. command.Parameters.Select(parameter => parameter.NpgsqlDbType)];
    }
}
