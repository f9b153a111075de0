using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Server.Callbacks;
using UCaptcha.Storage.Sqlite;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Callbacks;

// A running sender on a real store and a manual clock.
internal sealed class SenderFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CallbackBell _bell = new();
    private readonly CallbackMetrics _metrics = new();
    private readonly CallbackClient _client;
    private long _keyId;
    private int _lastShortId;

    private SenderFixture(bool allowPrivateNetworks, Func<string, CancellationToken, Task<IPAddress[]>>? resolve) =>
        _client = new CallbackClient(
            new CallbackConnector(
                new CallbackAddressPolicy(new CallbackOptions { AllowPrivateNetworks = allowPrivateNetworks }), resolve ?? Dns.GetHostAddressesAsync),
            Time);

    public ManualTimeProvider Time { get; } = new();

    public LogCollector<CallbackSender> Log { get; } = new();

    public SqliteStore Store { get; private set; } = null!;

    public CallbackSender Sender { get; private set; } = null!;

    public ReceiverBreakers Breakers { get; private set; } = null!;

    public CallbackOptions Bounds { get; } = new();

    public KeySettings? Key { get; set; } = new();

    public static async Task<SenderFixture> StartAsync(
        bool allowPrivateNetworks = true, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        var fixture = new SenderFixture(allowPrivateNetworks, resolve);
        fixture.Store = await SqliteStore.OpenAsync(
            new SqliteStorageOptions { DataDirectory = fixture._folder.Path, FlushEveryCommit = false }, fixture.Time);
        fixture._keyId = (await fixture.Store.SaveKeyAsync(
            new NewKey("k", SHA256.HashData("k"u8), Configured: true, Budget: null, fixture.Time.GetUtcNow()), default)).Id;
        await fixture.StartSenderAsync();
        return fixture;
    }

    public Task StartSenderAsync()
    {
        Breakers = new ReceiverBreakers(Time, NullLogger<ReceiverBreakers>.Instance);
        var delivery = new CallbackDelivery(
            Store, id => Key is { } settings ? new ApiKey(id, "k", settings, Budget: null) : null, FormsOf.TheHost(), _client, Breakers, Time, new NoJitter());
        var backlog = new CallbackBacklog(Store, Breakers, _metrics, Microsoft.Extensions.Options.Options.Create(Bounds), Time, NullLogger<CallbackBacklog>.Instance);
        Sender = new CallbackSender(Store, delivery, _bell, backlog, Breakers, _metrics, Time, Log);
        return Sender.StartAsync(CancellationToken.None);
    }

    // Ends a task that owes a callback, as the engine does.
    public async Task<StoredTask> EndAsync(string url, string? solution = """{"token":"t"}""", string dialect = "ucaptcha")
    {
        var now = Time.GetUtcNow();
        var task = new StoredTask
        {
            Id = Guid.CreateVersion7(now),
            ShortId = Interlocked.Increment(ref _lastShortId),
            KeyId = _keyId,
            Family = "Turnstile",
            Request = "{}"u8.ToArray(),
            SpeedWeight = 50,
            CallbackUrl = url,
            Dialect = dialect,
            CreatedAt = now,
            Deadline = now.AddMinutes(3),
            Reserved = Usd.Zero,
        };
        await Store.AcceptAsync(task, default);
        var end = solution is null
            ? new TaskEnd(task.Id, _keyId, TaskState.Failed, now, default, "ERROR_CAPTCHA_UNSOLVABLE", "Nobody solved it.", Usd.Zero, Attempt: null)
            : new TaskEnd(task.Id, _keyId, TaskState.Ready, now, Encoding.UTF8.GetBytes(solution), null, null, Usd.Zero, Attempt: null);
        await Store.FinishAsync(end with { Callback = NewCallback.To(url, now) }, default);
        _bell.Ring();
        return task;
    }

    public async Task<StoredCallback> CallbackOfAsync(StoredTask task) =>
        Assert.Single(await Store.ListCallbacksAsync(new CallbackFilter(TaskId: task.Id), default));

    // Waits until so many tries of a callback were recorded.
    public async Task<StoredCallback> TriedAsync(StoredTask task, int tries)
    {
        var id = (await CallbackOfAsync(task)).Id;
        await Eventually.TrueAsync(async () => (await Store.ListCallbackTriesAsync(id, default)).Count >= tries);
        return await CallbackOfAsync(task);
    }

    // Lets the wait behind a failed try pass, and returns how long it was.
    public async Task<TimeSpan> RetryAsync(StoredTask task, int failedTry)
    {
        var wait = (await TriedAsync(task, failedTry)).DueAt - Time.GetUtcNow();
        Time.Advance(wait);
        _bell.Ring();
        return wait;
    }

    // Lets time pass in small steps until something is so.
    public Task PassAsync(TimeSpan longest, Func<bool> condition) => PassAsync(longest, () => Task.FromResult(condition()));

    public async Task PassAsync(TimeSpan longest, Func<Task<bool>> condition)
    {
        var end = Time.GetUtcNow() + longest;
        await Eventually.TrueAsync(async () =>
        {
            if (await condition())
                return true;
            if (Time.GetUtcNow() < end)
                Time.Advance(CallbackSender.LongestRest);
            return false;
        });
    }

    // Waits until nothing is due and nothing is being sent. The sender may have begun its rest after time was moved on.
    public Task SettleAsync() => Eventually.TrueAsync(async () =>
    {
        if (await Store.NextCallbackDueAsync(default) <= Time.GetUtcNow())
        {
            _bell.Ring();
            return false;
        }

        // Asked last: what is not due because it was claimed is being sent.
        return Sender.IsIdle;
    });

    public Task IdleAsync() => Eventually.TrueAsync(async () => await Store.CountPendingCallbacksAsync(default) == 0 && Sender.IsIdle);

    public async ValueTask DisposeAsync()
    {
        await Sender.StopAsync(CancellationToken.None);
        Sender.Dispose();
        _metrics.Dispose();
        _client.Dispose();
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class NoJitter : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => Array.Clear(data);
    }
}
