using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Stores;

namespace UCaptcha.Server.Hosting;

/// <summary>Wakes whoever waits here for what other nodes do. News may get lost: every second the feeds look for themselves when anything ended.</summary>
internal sealed class NewsReader(
    ITaskNews news, ITaskStore store, TaskEngine engine, KeyFeed feed, LeaseKeeper leases, JudgementSharer judgement, StoreWatch watch, TimeProvider clock)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _seen;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), LookAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await watch.DoRoundAsync("Hearing of other nodes", HearAsync, stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task HearAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in news.FollowAsync(stoppingToken))
        {
            foreach (var task in item.Ended)
            {
                engine.Views.Hear(task.Id);
                feed.Ring(task.KeyId);
            }

            judgement.Hear(item.Node, item.Words);
            if (item.Missed)
                feed.RingAll();
            if (item.Orphans)
                leases.Wake();
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await watch.DoRoundAsync("Looking for what other nodes have ended", LookOnceAsync, stoppingToken);
    }

    private async Task LookOnceAsync(CancellationToken stoppingToken)
    {
        var last = await store.LastSequenceAsync(stoppingToken);
        if (last != _seen)
            feed.RingAll();
        _seen = last;
    }
}
