using UCaptcha.Core;

namespace UCaptcha.Server.Dialects;

/// <summary>A vendor's JSON surface as data: everything in which it differs from the native one.</summary>
internal sealed record Dialect
{
    /// <summary>One of <see cref="DialectNames"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The members of createTask's answer, in the documented order.</summary>
    public required IReadOnlyList<TaskMember> Created { get; init; }

    /// <summary>The same when the provider answered at once; null where clients must ask.</summary>
    public IReadOnlyList<TaskMember>? CreatedReady { get; init; }

    /// <summary>The members of getTaskResult's answer while the task is under way.</summary>
    public required IReadOnlyList<TaskMember> Processing { get; init; }

    /// <summary>The same once it is ready.</summary>
    public required IReadOnlyList<TaskMember> Ready { get; init; }

    /// <summary>Ids are the short numbers, else UUIDs.</summary>
    public bool NumericIds { get; init; }

    /// <summary>Decimals of a cost in a string; null for a number.</summary>
    public int? CostDecimals { get; init; }

    /// <summary>The number of accounts that tried stands in a string.</summary>
    public bool CountAsText { get; init; }

    /// <summary>A solution has its token under both names that reCAPTCHA's goes by, else under gRecaptchaResponse only.</summary>
    public bool TokenTwice { get; init; }

    /// <summary>What getBalance tells beside the balance, as JSON, or null.</summary>
    public (string Name, string Json)? BesideBalance { get; init; }

    /// <summary>A refused createTask says <c>taskId: 0</c>.</summary>
    public bool ZeroIdOnRefusal { get; init; }

    /// <summary>A failed task is an error with this status word beside it; null for none.</summary>
    public string? FailedStatus { get; init; }

    /// <summary>The HTTP status of errors.</summary>
    public int ErrorStatus { get; init; } = StatusCodes.Status200OK;

    /// <summary>The HTTP status of an unknown key.</summary>
    public int KeyErrorStatus { get; init; } = StatusCodes.Status200OK;

    /// <summary>The HTTP status by which getTaskResult says that it cannot answer now; its clients go on polling.</summary>
    public int TryAgainStatus { get; init; } = StatusCodes.Status200OK;

    /// <summary>Keys may carry options behind double underscores: <c>KEY__nocache</c>.</summary>
    public bool KeySuffixes { get; init; }

    /// <summary>The vendor's words for a missing task and for a body that is no JSON.</summary>
    public required DialectError TaskAbsent { get; init; }

    /// <summary>The vendor's words for each of <see cref="ErrorCodes"/>.</summary>
    public required IReadOnlyDictionary<string, DialectError> Errors { get; init; }

    /// <summary>Where a task that failed is told otherwise than a call that is refused.</summary>
    public IReadOnlyDictionary<string, DialectError> Failures { get; init; } = new Dictionary<string, DialectError>();

    /// <summary>The vendor's words for why a call is refused; those for our own fault when a code has none.</summary>
    public DialectError ErrorOf(string code) => Errors.GetValueOrDefault(code) ?? Errors[ErrorCodes.Internal];

    /// <summary>The vendor's words for why a task failed.</summary>
    public DialectError FailureOf(string code) => Failures.GetValueOrDefault(code) ?? ErrorOf(code);
}

/// <summary>An error in a vendor's words.</summary>
/// <param name="Id">errorId, never 0.</param>
/// <param name="Code">errorCode.</param>
internal sealed record DialectError(int Id, string Code);

/// <summary>A member of an answer about a task.</summary>
internal enum TaskMember
{
    /// <summary><c>errorId: 0</c>.</summary>
    ErrorId,

    /// <summary><c>errorCode</c> and <c>errorDescription</c>, null.</summary>
    NullError,

    /// <summary><c>errorCode</c> and <c>errorDescription</c>, empty.</summary>
    EmptyError,

    /// <summary><c>taskId</c>, in the dialect's form.</summary>
    TaskId,

    /// <summary><c>status</c>.</summary>
    Status,

    /// <summary><c>solution</c>.</summary>
    Solution,

    /// <summary><c>cost</c>, in the dialect's form.</summary>
    Cost,

    /// <summary><c>ip</c>: the address of the caller.</summary>
    Ip,

    /// <summary><c>createTime</c> and <c>endTime</c>, in seconds since 1970.</summary>
    Times,

    /// <summary><c>solveCount</c>: how many accounts have tried.</summary>
    SolveCount,
}
