using Npgsql;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit;

namespace UCaptcha.Storage.Tests.Sql;

public sealed class FailureLogTests
{
    private readonly LogLines _lines = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FailureLog _log;

    public FailureLogTests() => _log = new FailureLog(_lines, _time);

    public static TheoryData<string> Kinds => [.. Tells.Keys];

    private static Dictionary<string, Action<FailureLog, Exception>> Tells { get; } = new()
    {
        ["303"] = (log, failure) => log.BatchRepeated(failure, 2),
        ["304"] = (log, failure) => log.CommitFailed(failure, 2),
        ["305"] = (log, failure) => log.RollbackFailed(failure),
        ["307"] = (log, failure) => log.CheckpointFailed(failure),
        ["308"] = (log, failure) => log.CommitResolved(committed: true, failure),
        ["309"] = (log, failure) => log.NewsCut(failure),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Failure_AgainAndAgain_IsToldEveryTenSeconds(string kind)
    {
        for (var second = 0; second < 25; second++)
        {
            Tells[kind](_log, Thrown(new NpgsqlException($"away for {second} s")));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["away for 0 s", "away for 10 s", "away for 20 s"], _lines.All.Select(line => line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]));
        Assert.All(_lines.All, line => Assert.Contains($" {kind}: ", line, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Failure_NobodyForesaw_IsToldWithItsStack(string kind)
    {
        Tells[kind](_log, Thrown(new InvalidCastException("a fault")));

        Assert.Contains($"   at {typeof(FailureLogTests).FullName}.{nameof(Thrown)}", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }
}
