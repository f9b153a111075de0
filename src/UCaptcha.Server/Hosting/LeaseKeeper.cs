using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Keys;
using UCaptcha.Server.Stores;

namespace UCaptcha.Server.Hosting;

/// <summary>
/// Keeps this node's lease and takes over the tasks of nodes that are gone. When its own lease was lost, because it stalled or was cut off for too
/// long, it lets go of everything and begins anew as another node.
/// </summary>
internal sealed partial class LeaseKeeper(
    ILeaseStore leases,
    TaskEngine engine,
    AccountPool pool,
    KeyLoader keys,
    StoreWatch watch,
    ClockWatch clocks,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<LeaseKeeper> logger)
    : BackgroundService
{
    /// <summary>Renewals in the time of a lease: some may fail.</summary>
    private const int RenewalsPerLease = 6;

    private const int ClaimSize = 200;

    /// <summary>How often it looks for nodes and their tasks that are gone, when nobody tells of any: so often within a lease, and not less than each second.</summary>
    private const int LooksPerLease = 12;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _orphans = new(0, 1);

    /// <summary>Held from a claim until its tasks are taken up: they would be let go of before they are there.</summary>
    private readonly SemaphoreSlim _claiming = new(1, 1);

    /// <summary>Takes up what is to be had at the start, and returns how many tasks.</summary>
    public async Task<int> BeginAsync(CancellationToken cancellationToken)
    {
        await engine.LoadStatisticsAsync(cancellationToken);
        await RenewOnceAsync(cancellationToken);
        try
        {
            return await ClaimAllAsync(cancellationToken);
        }
        catch (LeaseLostException)
        {
            // It took longer than a lease to come here; the next renewal begins anew.
            return 0;
        }
    }

    /// <summary>There are tasks without a node.</summary>
    public void Wake()
    {
        lock (_orphans)
        {
            if (_orphans.CurrentCount == 0)
                _orphans.Release();
        }
    }

    public override void Dispose()
    {
        _orphans.Dispose();
        _claiming.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(RenewAsync(stoppingToken), ClaimAsync(stoppingToken));

    private async Task RenewAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(leases.LeaseTime / RenewalsPerLease, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryAsync(RenewOnceAsync, stoppingToken);
    }

    private async Task<int> RenewOnceAsync(CancellationToken cancellationToken)
    {
        var alive = await leases.RenewAsync(cancellationToken);
        if (alive == 0)
        {
            LogLost(logger);
            await BeginAnewAsync(cancellationToken);
            alive = await leases.RenewAsync(cancellationToken);
            Wake();
        }

        clocks.Hear(leases.ClockOffset);
        pool.ShareAmong(Math.Max(1, alive));
        return alive;
    }

    private async Task ClaimAsync(CancellationToken stoppingToken)
    {
        var pause = leases.LeaseTime / LooksPerLease;
        while (!stoppingToken.IsCancellationRequested)
        {
            await _orphans.WaitAsync(pause < LongestPause ? pause : LongestPause, stoppingToken);
            await TryAsync(ClaimAllAsync, stoppingToken);
        }
    }

    private async Task<int> ClaimAllAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        await leases.EndOverdueAsync(cancellationToken);
        while (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            var (claimed, taken) = await ClaimSomeAsync(cancellationToken);
            count += taken;
            if (claimed < ClaimSize)
                break;
        }

        if (count > 0)
            LogTaken(logger, count);
        return count;
    }

    private async Task<(int Claimed, int Taken)> ClaimSomeAsync(CancellationToken cancellationToken)
    {
        await _claiming.WaitAsync(cancellationToken);
        try
        {
            var claimed = await leases.ClaimAsync(ClaimSize, cancellationToken);
            // A key that was made a moment before its node went is not known here yet, and its tasks go on under its settings.
            if (claimed.Any(task => keys.Find(task.Task.KeyId) is null))
                await TryAsync(keys.RefreshAsync, cancellationToken);
            return (claimed.Count, claimed.Count(task => engine.Adopt(task.Task, task.Attempts, keys.Find)));
        }
        finally
        {
            _claiming.Release();
        }
    }

    private async Task BeginAnewAsync(CancellationToken cancellationToken)
    {
        await _claiming.WaitAsync(cancellationToken);
        try
        {
            engine.LetGo();
            await leases.RegisterAsync(cancellationToken);
        }
        finally
        {
            _claiming.Release();
        }
    }

    private Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken) => watch.DoRoundAsync("Looking after the lease", work, cancellationToken);

    [LoggerMessage(EventId = 220, Level = LogLevel.Warning, Message = "This node's lease was lost: its tasks go on at other nodes, and it begins anew.")]
    private static partial void LogLost(ILogger logger);

    [LoggerMessage(EventId = 221, Level = LogLevel.Information, Message = "{Count} tasks of nodes that are gone go on here.")]
    private static partial void LogTaken(ILogger logger, int count);
}
