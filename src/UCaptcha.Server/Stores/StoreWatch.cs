using System.Collections.Concurrent;
using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Grpc.Health;
using UCaptcha.V1;

namespace UCaptcha.Server.Stores;

/// <summary>
/// Knows whether the store can be written and read, by trying: when somebody asks, when a call met a failure, and every second while it
/// fails, so that the server is told to be well again without anybody's doing.
/// </summary>
internal sealed partial class StoreWatch(IStoreKeeper keeper, ServingState serving, TimeProvider clock, ILogger<StoreWatch> logger) : BackgroundService
{
    /// <summary>Who asks hears that the store does not answer when a try takes longer than this.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What does not serve without a store.</summary>
    public static readonly IReadOnlyList<string> Services = ["", CaptchaService.Descriptor.FullName, AdminService.Descriptor.FullName];

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FreshForSuspicion = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly LogPacing _warnings = new(BetweenWarnings, clock);
    private readonly ConcurrentDictionary<string, LogPacing> _broken = new();
    private Task _try = Task.CompletedTask;
    private long? _triedAt;
    private long _failedAt;
    private volatile bool _works = true;

    /// <summary>Whether the store worked at the last try.</summary>
    public bool Works => _works;

    /// <summary>Whether the store stands behind a gRPC service; the empty name is the server as a whole.</summary>
    public static bool Serves(string service) => Services.Contains(service);

    /// <summary>Whether the store works now, or did less than a second ago. Answers within <see cref="Patience"/>.</summary>
    public async ValueTask<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (!_works)
            return false;
        try
        {
            await Try(Fresh).WaitAsync(Patience, clock, cancellationToken);
            return _works;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Hears that the store failed somebody: it is looked at.</summary>
    /// <param name="what">What failed, such as the name of a method.</param>
    /// <param name="failure">How.</param>
    public void Suspect(string what, StoreUnavailableException failure)
    {
        if (_warnings.Passes())
            LogFailed(what, failure.Message);
        LogHow(what, failure);
        if (_works)
            _ = Try(FreshForSuspicion);
    }

    /// <summary>Does one round of a work that comes again and again: a round that fails is told of, and the next one is done all the same.</summary>
    /// <param name="what">The work, for the log.</param>
    /// <param name="round">What is done.</param>
    /// <param name="stoppingToken">Ends it.</param>
    public async Task DoRoundAsync(string what, Func<CancellationToken, Task> round, CancellationToken stoppingToken)
    {
        try
        {
            await round(stoppingToken);
        }
        catch (StoreUnavailableException exception)
        {
            Suspect(what, exception);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            if (_broken.GetOrAdd(what, static (_, clock) => new LogPacing(BetweenWarnings, clock), clock).Passes())
                LogRoundBroken(what, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Fresh, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!_works)
                await Try(TimeSpan.Zero);
        }
    }

    /// <summary>The try under way, else a new one unless the last is fresh.</summary>
    private Task Try(TimeSpan fresh)
    {
        lock (_lock)
        {
            if (_try.IsCompleted && !(_triedAt is { } last && clock.GetElapsedTime(last) < fresh))
                _try = Task.Run(TryAsync);
            return _try;
        }
    }

    private async Task TryAsync()
    {
        try
        {
            await keeper.ProbeAsync(CancellationToken.None);
            Tell(works: true, failure: null);
        }
        catch (Exception failure)
        {
            Tell(works: false, failure);
        }

        lock (_lock)
            _triedAt = clock.GetTimestamp();
    }

    private void Tell(bool works, Exception? failure)
    {
        if (works == _works)
            return;
        _works = works;
        foreach (var service in Services)
            serving.Set(service, works);
        if (works)
        {
            LogWorksAgain(clock.GetElapsedTime(_failedAt).TotalSeconds);
            return;
        }

        _failedAt = clock.GetTimestamp();
        if (failure is LeaseLostException)
            LogNoLease();
        else
            LogFails(failure!.Message);
    }

    [LoggerMessage(EventId = 250, Level = LogLevel.Error, Message = "The store fails, and new work is refused until it works again: {Why}")]
    private partial void LogFails(string why);

    [LoggerMessage(EventId = 254, Level = LogLevel.Warning, Message = "This node has lost its lease, and refuses new work until it has another one.")]
    private partial void LogNoLease();

    [LoggerMessage(EventId = 251, Level = LogLevel.Warning, Message = "The store works again after {Seconds:0.0} s.")]
    private partial void LogWorksAgain(double seconds);

    [LoggerMessage(EventId = 252, Level = LogLevel.Warning, Message = "{What}: the store does not answer. More of this is told every 10 s at most: {Why}")]
    private partial void LogFailed(string what, string why);

    [LoggerMessage(EventId = 257, Level = LogLevel.Error, Message = "{What} broke off by a fault of this server, and is tried again. More of this is told every 10 s at most.")]
    private partial void LogRoundBroken(string what, Exception exception);

    [LoggerMessage(EventId = 253, Level = LogLevel.Debug, Message = "{What}: the store does not answer.")]
    private partial void LogHow(string what, Exception exception);
}
