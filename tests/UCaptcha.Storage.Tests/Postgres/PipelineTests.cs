using Dapper;
using Npgsql;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>Statements that travel together.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private readonly PostgresHost _host = new();
    private NpgsqlConnection _connection = null!;
    private Pipeline _pipeline = null!;
    private PipelinedStatement _insert = null!;
    private PipelinedStatement _change = null!;
    private PipelinedStatement _list = null!;

    [Fact]
    public void Query_BehindWhatWasSentAlong_RunsAllInTheirOrder()
    {
        _insert.Send("a", 1);
        _change.Send(2, "a");
        _insert.Send("b", 3);
        _change.Send(4, "b");
        Assert.Empty(Rows());

        Assert.Equal("a2 b4", _list.Scalar());
        Assert.Equal("a2 b4", Rows());
    }

    [Fact]
    public void Query_BehindStatementsWithRows_ReturnsItsOwn()
    {
        var read = new List<int>();
        _pipeline.Send(Select(1), rows => read.Add(Read(rows)));
        _insert.Send("a", 1);
        _pipeline.Send(Select(2), static _ => { });
        _pipeline.Send(Select(3), rows => read.Add(Read(rows)));

        Assert.Equal("a1", _list.Scalar());
        Assert.Equal([1, 3], read);

        static NpgsqlBatchCommand Select(int number) => new($"SELECT {number}, generate_series(1, 2000)");

        static int Read(NpgsqlDataReader rows) => rows.Read() ? rows.GetInt32(0) : 0;
    }

    [Fact]
    public void Execute_BehindStatementsOfOtherCounts_ReturnsItsOwn()
    {
        _insert.Send("a", 1);
        _insert.Send("b", 1);

        Assert.Equal(1, _change.Execute(2, "a"));
        Assert.Equal(0, _change.Execute(2, "c"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Expect_NothingChanged_FailsWhenTheAnswerComes(bool atTheFlush)
    {
        _pipeline.Trusting = true;
        _insert.Send("a", 1);
        Assert.True(_change.Expect(2, "a"));
        Assert.True(_change.Expect(2, "b"));
        Assert.True(_change.Expect(3, "a"));

        Assert.Throws<NothingChangedException>(() => atTheFlush ? Flush() : _list.Scalar());

        Assert.Equal("a3", _list.Scalar());

        object? Flush()
        {
            _pipeline.Flush();
            return null;
        }
    }

    [Fact]
    public void Expect_NotTrusting_IsAnsweredAtOnce()
    {
        _insert.Send("a", 1);

        Assert.True(_change.Expect(2, "a"));
        Assert.False(_change.Expect(2, "b"));
    }

    [Fact]
    public void Flush_OneFails_NothingBehindItIsRunAndNothingIsLeft()
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Send("a", 1);
        _insert.Send("a", 2);
        _pipeline.Send(new NpgsqlBatchCommand("COMMIT"));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, Assert.Throws<PostgresException>(_pipeline.Flush).SqlState);

        Assert.True(_pipeline.IsEmpty);
        transaction.Rollback();
        Assert.Equal("", _list.Scalar());
    }

    [Fact]
    public void Forget_WhatWasSentAlong_IsNeverRun()
    {
        _pipeline.Trusting = true;
        _insert.Send("a", 1);
        _change.Expect(2, "b");
        _pipeline.Send(new NpgsqlBatchCommand("SELECT 1"), static _ => throw new InvalidOperationException());

        _pipeline.Forget();

        Assert.Equal("", _list.Scalar());
    }

    [Fact]
    public void Send_SameStatementOften_IsPreparedOnce()
    {
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 10; j++)
                _insert.Send($"{i}{j}", j);
            _list.Scalar();
        }

        var prepared = _connection.Query<(string Text, long Uses)>("SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements").ToList();

        Assert.Equal(50, Assert.Single(prepared, row => row.Text.StartsWith("INSERT", StringComparison.Ordinal)).Uses);
        Assert.Equal(2, prepared.Count);
    }

    public async ValueTask InitializeAsync()
    {
        await _host.CreateAsync();
        _connection = _host.Connect();
        _connection.Execute("CREATE TABLE probe (name text PRIMARY KEY, number integer NOT NULL)");
        _pipeline = new Pipeline(_connection);
        _insert = new PipelinedStatement(_pipeline, "INSERT INTO probe VALUES (@name, @number)");
        _change = new PipelinedStatement(_pipeline, "UPDATE probe SET number = @number WHERE name = @name");
        _list = new PipelinedStatement(_pipeline, "SELECT coalesce(string_agg(name || number, ' ' ORDER BY name), '') FROM probe");
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private string Rows()
    {
        using var connection = _host.Connect();
        return connection.ExecuteScalar<string>("SELECT coalesce(string_agg(name || number, ' ' ORDER BY name), '') FROM probe")!;
    }
}
