namespace UCaptcha.V1;

/// <summary>A request that carries the API key of its caller.</summary>
public interface IKeyedRequest
{
    /// <summary>The API key, or empty.</summary>
    string ClientKey { get; }
}

public sealed partial class CreateTaskRequest : IKeyedRequest;

public sealed partial class GetTaskResultRequest : IKeyedRequest;

public sealed partial class GetBalanceRequest : IKeyedRequest;

public sealed partial class FeedbackTaskRequest : IKeyedRequest;

public sealed partial class SolveTaskRequest : IKeyedRequest;

public sealed partial class ReportIncorrectRequest : IKeyedRequest;

public sealed partial class ReportCorrectRequest : IKeyedRequest;

public sealed partial class TestRequest : IKeyedRequest;

public sealed partial class WatchTaskRequest : IKeyedRequest;

public sealed partial class WatchTasksRequest : IKeyedRequest;
