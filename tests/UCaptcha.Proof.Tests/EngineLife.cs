using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Providers;
using UCaptcha.Server.Services;
using UCaptcha.Storage.Sqlite;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests;

/// <summary>One life of an engine with a real file and real accounts, from a start to an end.</summary>
internal sealed class EngineLife : IAsyncDisposable
{
    private readonly SqliteStore _store;
    private readonly AccountPool _pool;
    private readonly ProviderCatalogue _providers;

    private EngineLife(SqliteStore store, AccountPool pool, ProviderCatalogue providers, TaskEngine engine, ApiKey key) =>
        (_store, _pool, _providers, Engine, Key) = (store, pool, providers, engine, key);

    public TaskEngine Engine { get; }

    public ApiKey Key { get; }

    /// <summary>Tells of all ends.</summary>
    public required TaskFeed Feed { get; init; }

    /// <summary>The store as it is, behind the faults.</summary>
    public ITaskStore Store => _store;

    /// <summary>The store as the engine has it.</summary>
    public required ITaskStore FaultyStore { get; init; }

    /// <summary>Starts one that has taken up no task yet.</summary>
    /// <param name="folder">Where the file is.</param>
    /// <param name="emulator">Plays the accounts.</param>
    /// <param name="accounts">What it plays, as it was told.</param>
    /// <param name="faults">What becomes of the calls of the store.</param>
    /// <param name="options">Budgets and limits.</param>
    /// <param name="clock">The engine's time; the store's is the system's.</param>
    /// <param name="maxConcurrent">How many tasks each account takes at once.</param>
    public static async Task<EngineLife> StartAsync(
        string folder,
        EmulatorProcess emulator,
        IEnumerable<string> accounts,
        IFaults faults,
        EngineOptions? options = null,
        TimeProvider? clock = null,
        int maxConcurrent = 500)
    {
        clock ??= TimeProvider.System;
        var store = await SqliteStore.OpenAsync(new SqliteStorageOptions { DataDirectory = folder }, TimeProvider.System);
        var providers = ProviderCatalogue.Create(clock);
        var pool = new AccountPool(accounts.Select(account => providers.Create(new ProviderAccountSettings
        {
            Slug = account.Split(':')[0],
            Kind = account.Split(':', ',')[1],
            BaseUrl = $"{emulator.Address}/{account.Split(':')[0]}",
            ApiKey = "emulated",
            FirstPollMs = 20,
            PollIntervalMs = 20,
            MaxConcurrent = maxConcurrent,
        })), clock);
        var statistics = new StatisticsBook();
        var router = new Router(pool, statistics, new DocumentedPolicy(), providers.Names);
        var stored = await store.SaveKeyAsync(new NewKey("k", SHA256.HashData("k"u8), Configured: true, new Usd(1_000_000), clock.GetUtcNow()), CancellationToken.None);
        var (faulty, ends) = (FaultProxy<ITaskStore>.Around(store, faults), new KeyFeed());
        var engine = new TaskEngine(
            new EngineServices(faulty, TaskCatalogue.Default, router, pool, statistics, DomainRules.None, [ends]),
            options ?? new EngineOptions(),
            clock,
            RandomNumberGenerator.Create(),
            NullLogger<TaskEngine>.Instance);
        return new EngineLife(store, pool, providers, engine, new ApiKey(stored.Id, stored.Name, new KeySettings(), stored.Budget))
        {
            Feed = EngineFeed.Of(faulty, ends, providers, clock),
            FaultyStore = faulty,
        };
    }

    /// <summary>What a client of its key asks for.</summary>
    public NewTask Recaptcha() => new(Key, """{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.com","websiteKey":"site"}"""u8.ToArray(), "ucaptcha");

    public Task IdleAsync() => Eventually.TrueAsync(() => Engine.Unfinished == 0);

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _pool.Dispose();
        _providers.Dispose();
        await _store.DisposeAsync();
    }
}
