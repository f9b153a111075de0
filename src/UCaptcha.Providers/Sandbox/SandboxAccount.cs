using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers.Protocol;

namespace UCaptcha.Providers.Sandbox;

/// <summary>
/// Answers the test site keys that the vendors publish with the test tokens that they publish, about a second after
/// the submission, and serves nothing else. It costs nothing.
/// </summary>
internal sealed class SandboxAccount(string slug, TimeProvider clock) : IProviderAccount
{
    private static readonly TimeSpan SolveTime = TimeSpan.FromSeconds(1);
    private static readonly Usd Balance = Usd.FromDollars(1000);

    public string Slug => slug;

    public string Kind => ProviderNames.Sandbox;

    public PollPlan PollPlan { get; } = new(SolveTime, TimeSpan.FromMilliseconds(100), 1000);

    public int MaxConcurrent => 100_000;

    public bool Serves(TaskRequest request) => TestKeys.Find(request) is not null;

    public Usd? ListPrice(CaptchaFamily family) => Usd.Zero;

    public Task<SubmitOutcome> SubmitAsync(TaskRequest request, CancellationToken cancellationToken) =>
        // The id says when the task is done, so that a restart changes nothing.
        Task.FromResult<SubmitOutcome>(new SubmitOutcome.Accepted((clock.GetUtcNow() + SolveTime).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));

    public Task<PollOutcome> PollAsync(TaskRequest request, string upstreamId, CancellationToken cancellationToken) => Task.FromResult(Poll(request, upstreamId));

    public Task<BalanceOutcome> GetBalanceAsync(CancellationToken cancellationToken) => Task.FromResult(new BalanceOutcome(Balance, null));

    public Task ReportAsync(TaskRequest request, string upstreamId, bool invalid, CancellationToken cancellationToken) => Task.CompletedTask;

    private PollOutcome Poll(TaskRequest request, string upstreamId)
    {
        if (!long.TryParse(upstreamId, NumberStyles.None, CultureInfo.InvariantCulture, out var done) || TestKeys.Find(request) is not { } answer)
            return new PollOutcome.Failed(new ProviderError(ErrorClass.Lost, "ERROR_NO_SUCH_CAPCHA_ID", "The sandbox knows no such task."));
        if (clock.GetUtcNow().ToUnixTimeMilliseconds() < done)
            return PollOutcome.Pending.Instance;
        if (answer.Token is not { } token)
            return new PollOutcome.Failed(new ProviderError(ErrorClass.Retryable, "ERROR_CAPTCHA_UNSOLVABLE", "This test key always fails."));
        var solution = new JsonObject { ["token"] = token };
        if (answer.AsRecaptcha)
            solution["gRecaptchaResponse"] = token;
        return new PollOutcome.Solved(new UpstreamSolution(JsonSerializer.SerializeToUtf8Bytes(solution, JsonNodes.Default.JsonObject), Usd.Zero));
    }
}
