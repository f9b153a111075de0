using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>
/// Accepts tasks and lives their lives. A task that was accepted ends ready or failed,
/// whatever dies in between, once <see cref="ResumeAsync"/> has run after a start.
/// </summary>
public sealed partial class TaskEngine : IAsyncDisposable
{
    private readonly ITaskStore _store;
    private readonly TaskAcceptance _acceptance;
    private readonly TaskCatalogue _catalogue;
    private readonly AccountPool _pool;
    private readonly StatisticsBook _statistics;
    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Admission _admission;
    private readonly StoreSilence _silence;
    private readonly PollScheduler _polls;
    private readonly EngineStop _stop = new();
    private readonly TaskLives _lives;

    /// <summary>Makes an engine that has no tasks yet.</summary>
    /// <param name="services">What it works with.</param>
    /// <param name="options">Its budgets and limits.</param>
    /// <param name="clock">The time.</param>
    /// <param name="random">Draws short ids, which nobody may be able to guess.</param>
    /// <param name="logger">Hears of failed attempts.</param>
    public TaskEngine(EngineServices services, EngineOptions options, TimeProvider clock, RandomNumberGenerator random, ILogger<TaskEngine> logger)
    {
        (_store, _catalogue, _pool, _statistics, _options, _clock, _logger) =
            (services.Store, services.Catalogue, services.Pool, services.Statistics, options, clock, logger);
        _admission = new Admission(options.MaxAcceptDelay, clock);
        _silence = new StoreSilence(options.MaxAcceptDelay, clock);
        _polls = new PollScheduler(clock);
        var writes = new DurableWrites(clock, logger, _stop.Cut);
        var planner = new AttemptPlanner(services.Router, services.Pool, options, clock);
        var book = new AttemptBook(services.Router, services.Pool, services.Statistics, clock);
        var runner = new TaskRunner(_store, planner, _pool, book, _polls, writes, options, clock, logger, _stop);
        var term = new LeaseTerm();
        _lives = new TaskLives(_store, _catalogue, runner, writes, term, _stop, services.Listeners, clock, logger);
        Views = new TaskViews(_store, _lives, _stop, options, clock);
        var patient = new PatientAcceptance(_store.AcceptAsync, _silence, clock);
        _acceptance = new TaskAcceptance(patient, _catalogue, term, services.Router, services.DeniedDomains, options, clock, random, new EarlierRequests(_store))
        {
            InDoubt = task => _ = _lives.ResolveAsync(task),
            Left = (task, answer) => _ = _lives.BeginWhenAcceptedAsync(task, answer),
        };
    }

    /// <summary>What clients see of their tasks.</summary>
    public TaskViews Views { get; }

    /// <summary>Whether a new task is to be refused at once, because the server has more to do than it can.</summary>
    public bool RefusesTasks() => _silence.IsTooLong || _admission.Refuses() || Unfinished >= _options.MaxUnfinished;

    /// <summary>How many tasks are under way.</summary>
    public int Unfinished => _lives.Count;

    /// <summary>Takes up every task that is not at an end, where no other node works on the store. Call once, before the first task is created.</summary>
    /// <param name="keyOf">The key of an id, or null when it is gone.</param>
    /// <param name="cancellationToken">Ends the call; what was taken up goes on.</param>
    /// <returns>How many tasks were taken up.</returns>
    public async Task<int> ResumeAsync(Func<long, ApiKey?> keyOf, CancellationToken cancellationToken)
    {
        await LoadStatisticsAsync(cancellationToken).ConfigureAwait(false);
        var count = 0;
        await foreach (var (stored, attempts) in _store.ListUnfinishedAsync(cancellationToken).ConfigureAwait(false))
            count += Adopt(stored, attempts, keyOf) ? 1 : 0;
        return count;
    }

    /// <summary>Takes in what all nodes know of the accounts.</summary>
    public async Task LoadStatisticsAsync(CancellationToken cancellationToken) =>
        _statistics.Load(await _store.ListStatisticsAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Takes up a task that is this node's by now. False when it is under way here already, or the server is stopping. What was claimed under a lease is to
    /// be taken up before <see cref="LetGo"/> says that this one is lost.
    /// </summary>
    /// <param name="stored">The task.</param>
    /// <param name="attempts">Its attempts, in order.</param>
    /// <param name="keyOf">The key of an id, or null when it is gone.</param>
    public bool Adopt(StoredTask stored, IReadOnlyList<StoredAttempt> attempts, Func<long, ApiKey?> keyOf) =>
        _lives.Adopt(stored, attempts, keyOf(stored.KeyId) ?? new ApiKey(stored.KeyId, "(gone)", new KeySettings(), Budget: null));

    /// <summary>Leaves every task to the other nodes: this one's lease is lost. What is under way here ends without a word.</summary>
    public void LetGo() => _lives.LetGo();

    /// <summary>Accepts a task. When this returns it is committed.</summary>
    /// <exception cref="RefusedException">The task, the key's settings or its budget do not allow it; nothing was stored.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot write; nothing was stored, unless it says that it may have: what was stored goes on.</exception>
    public async ValueTask<TaskView> CreateAsync(NewTask request, CancellationToken cancellationToken)
    {
        if (_stop.Begun)
            throw EngineRefusals.Stopping();
        if (Unfinished >= _options.MaxUnfinished)
            throw EngineRefusals.Overloaded("Too many tasks are under way; try again soon.");

        var accepted = await AdmitAsync(request, cancellationToken).ConfigureAwait(false);
        if (accepted.Task is not { } task)
            return await RepeatedAsync(request, accepted, cancellationToken).ConfigureAwait(false);

        EngineMeter.Created(task.Family.Name);
        _lives.Begin(task);
        return accepted.MayAnswerAtOnce
            ? await Views.WaitAsync(task.Key, task.View, _options.AnswerAtOnceWait, cancellationToken).ConfigureAwait(false)
            : task.View;
    }

    /// <summary>Stores how a solution fared and tells the provider. A second verdict on a task changes nothing.</summary>
    /// <exception cref="RefusedException">The key has no such task, or it is not ready.</exception>
    public async Task GiveFeedbackAsync(
        ApiKey key, TaskReference reference, bool invalid, string code, string message, CancellationToken cancellationToken)
    {
        var stored = await Views.LoadAsync(key, reference, cancellationToken).ConfigureAwait(false);
        if (stored.State != TaskState.Ready)
            throw new RefusedException(ErrorCodes.BadParameters, "taskId names a task without a solution to judge.", "taskId");
        var attempts = await _store.ListAttemptsAsync(stored.Id, cancellationToken).ConfigureAwait(false);
        var solving = attempts.LastOrDefault(attempt => attempt.State == AttemptState.Solved);
        var now = _clock.GetUtcNow();
        var verdict = new Feedback(stored.Id, invalid, code, message, now)
        {
            Refund = invalid && _options.RefundBadReports && now - stored.FinishedAt <= _options.ResultLifetime,
        };
        var record = solving is null ? null : _statistics.WithFeedback(solving.Account, stored.Family, invalid, now);
        if (!await _store.AddFeedbackAsync(verdict, record, cancellationToken).ConfigureAwait(false) || solving is null)
            return;
        if (verdict.Refund)
            EngineMeter.Refunded(solving.Account, stored.Family, stored.Cost);
        _statistics.RecordFeedback(solving.Account, stored.Family, invalid, now);
        if (_pool.Find(solving.Account) is { } gate && !string.IsNullOrEmpty(solving.UpstreamId))
            _ = ReportAsync(gate.Account, _catalogue.Read(stored.Request), solving.UpstreamId, invalid);
    }

    /// <summary>Takes no more tasks, lets what is being submitted or committed come to its end, and leaves the rest for the next start.</summary>
    /// <param name="grace">After this, upstream calls are cut as well.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        if (_stop.Begun)
            return;
        await _stop.BeginAsync().ConfigureAwait(false);
        _polls.Dispose();
        _pool.Close();
        var idle = _lives.WhenIdleAsync();
        try
        {
            await idle.WaitAsync(grace, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _stop.CutAsync().ConfigureAwait(false);
            await idle.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async ValueTask<TaskView> RepeatedAsync(NewTask request, Acceptance repeated, CancellationToken cancellationToken)
    {
        if (repeated.Forgotten is { } forgotten)
            return TaskView.Of(repeated.ExistingTaskId, forgotten);
        // Purged between the two reads: the third has what is left of it.
        return await Views.FindAsync(repeated.ExistingTaskId, cancellationToken).ConfigureAwait(false)
            ?? await CreateAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Acceptance> AdmitAsync(NewTask request, CancellationToken cancellationToken)
    {
        if (_silence.IsTooLong || !_admission.TryEnter())
            throw EngineRefusals.Overloaded("The server has more to do than it can; try again soon.");
        var entered = _clock.GetTimestamp();
        var refused = false;
        try
        {
            return await _acceptance.AcceptAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (RefusedException)
        {
            refused = true;
            throw;
        }
        finally
        {
            if (refused)
                _admission.Leave();
            else
                _admission.Leave(entered);
        }
    }

    private async Task ReportAsync(IProviderAccount account, TaskRequest request, string upstreamId, bool invalid)
    {
        try
        {
            await account.ReportAsync(request, upstreamId, invalid, _stop.Cut).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogReportFailed(_logger, account.Slug, exception);
        }
    }

    [LoggerMessage(EventId = 121, Level = LogLevel.Warning, Message = "A verdict could not be reported to {Account}.")]
    private static partial void LogReportFailed(ILogger logger, string account, Exception exception);
}
