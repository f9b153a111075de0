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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), LookAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken stoppingToken)
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
        long seen = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var last = await store.LastSequenceAsync(stoppingToken);
                if (last != seen)
                    feed.RingAll();
                seen = last;
            }
            catch (StoreUnavailableException exception)
            {
                watch.Suspect("Looking for what other nodes have ended", exception);
            }
        }
    }
}
