using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;
using UCaptcha.Providers;
using UCaptcha.Storage.Sqlite;
using UCaptcha.TestKit;
using UCaptcha.V1;

namespace UCaptcha.Proof.Tests.Engine;

/// <summary>Who follows the ends of a key hears something every 20 s.</summary>
public sealed class HeartbeatTests
{
    private const int Heartbeat = 20;
    private const int Step = 5;

    [Fact]
    public async Task WatchTasks_BellRingsForOthersAllTheTime_SaysWhereItStandsAllTheSame()
    {
        using var folder = new TemporaryFolder();
        await using var store = await SqliteStore.OpenAsync(new SqliteStorageOptions { DataDirectory = folder.Path }, TimeProvider.System);
        var clock = new ManualTimeProvider();
        using var providers = ProviderCatalogue.Create(clock);
        var bells = new KeyFeed();
        var feed = EngineFeed.Of(store, bells, providers, clock);
        var request = new WatchTasksRequest { TaskIds = { Guid.NewGuid().ToString() } };
        await using var stream = feed.FollowAsync(new(1, "k", new(), Budget: null), request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());

        for (var beat = 0; beat < 2; beat++)
        {
            var next = stream.MoveNextAsync().AsTask();
            for (var past = Step; past <= Heartbeat; past += Step)
            {
                await Eventually.TrueAsync(() => clock.DueIn(TimeSpan.FromSeconds(Heartbeat - past + Step)) == 1);
                Assert.False(next.IsCompleted);
                clock.Advance(TimeSpan.FromSeconds(Step));
                bells.RingAll();
            }

            Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.False(stream.Current.HasTaskId);
            Assert.NotEmpty(stream.Current.Cursor);
        }
    }
}
