using System.Data.Common;
using System.Text.RegularExpressions;

namespace UCaptcha.Storage.Sql;

/// <summary>A statement that is run often, prepared when it is run for the first time. Values are bound in the order in which the parameters first appear in the text.</summary>
internal abstract partial class Statement : IDisposable
{
    /// <summary>The parameters of a text in the order of their first appearance, each with its <c>@</c>.</summary>
    public static IEnumerable<string> ParametersOf(string sql) => Names().Matches(sql).Select(match => match.Value).Distinct();

    /// <summary>Runs it and returns how many rows it changed.</summary>
    public abstract int Execute(params ReadOnlySpan<object?> values);

    /// <summary>Runs it and returns its rows. Only one reader of a statement may be open.</summary>
    public abstract DbDataReader Query(params ReadOnlySpan<object?> values);

    /// <summary>Runs it and returns the first column of the first row, or null.</summary>
    public abstract object? Scalar(params ReadOnlySpan<object?> values);

    /// <summary>Runs a change whose answer nobody needs: at once, or together with the next statement whose answer somebody needs.</summary>
    public virtual void Send(params ReadOnlySpan<object?> values) => Execute(values);

    /// <summary>
    /// Runs a change that seldom finds nothing to change, and returns whether it changed a row. Where an answer costs a round trip that is taken for granted,
    /// and when it turns out wrong the whole batch is made again, one write after the other.
    /// </summary>
    public virtual bool Expect(params ReadOnlySpan<object?> values) => Execute(values) > 0;

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected static ArgumentException WrongCount(int parameters, int values) =>
        new($"The statement has {parameters} parameters and got {values} values.", nameof(values));

    [GeneratedRegex(@"@\w+")]
    protected static partial Regex Names();
}
