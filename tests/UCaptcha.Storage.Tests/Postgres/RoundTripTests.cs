using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>How often a write waits for the database.</summary>
public sealed class RoundTripTests : IAsyncLifetime
{
    private readonly PostgresHost _host = new(o => o with { Writers = 1 }, ownDatabase: true);
    private PostgresStore _store = null!;
    private long _key;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Life_OfOneTask_EachStepIsOneRoundTripAndTheCommitAnother()
    {
        await LiveAsync();
        using var trips = new RoundTrips(_host);

        await LiveAsync(async step =>
        {
            trips.Clear();
            await step();
            var texts = trips.Heard;
            Assert.Equal(2, texts.Count);
            Assert.StartsWith("BEGIN", texts[0], StringComparison.Ordinal);
            Assert.EndsWith("COMMIT", texts[1], StringComparison.Ordinal);
        });
    }

    private async Task LiveAsync(Func<Func<Task>, Task>? each = null)
    {
        each ??= static step => step();
        var task = Make.Task(_key, reserve: 100) with { CallbackUrl = "https://hook.example/" };
        var end = Make.AttemptEnd(task.Id, state: AttemptState.Solved, cost: 80, statistics: Make.Statistics());
        await each(async () => Assert.Equal(AcceptResult.Accepted, (await _store.AcceptAsync(task, None)).Result));
        await each(async () => Assert.True(await _store.BeginAttemptAsync(Make.Attempt(task.Id), new Usd(100), None)));
        await each(async () => await _store.RecordSubmissionAsync(task.Id, 1, "up-1", Make.Start, None));
        await each(async () => Assert.NotEqual(
            0, await _store.FinishAsync(Make.Ready(task, charge: 70, end) with { Callback = NewCallback.To(task.CallbackUrl, Make.Start) }, None)));
    }

    public async ValueTask InitializeAsync()
    {
        _store = await _host.OpenPostgresAsync();
        _key = (await _store.SaveKeyAsync(Make.Key(), None)).Id;
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
    }
}
