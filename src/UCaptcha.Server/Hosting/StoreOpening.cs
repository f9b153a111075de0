using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Options;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Sqlite;

namespace UCaptcha.Server.Hosting;

/// <summary>Opens the store that the settings name, and offers it as everything that it is.</summary>
internal static class StoreOpening
{
    private const string Postgres = "postgres";
    private const int LongestLeaseSeconds = 600;

    public static void Check(UCaptchaSettings settings, SettingsProblems problems)
    {
        var (storage, budget) = (settings.Storage, settings.Engine.TimeBudgetMs);
        problems.Range("UCaptcha:Storage:LeaseSeconds", storage.LeaseSeconds, 1, LongestLeaseSeconds);
        if (!IsPostgres(storage))
            return;
        if (TimeSpan.FromSeconds(storage.LeaseSeconds) >= TimeSpan.FromMilliseconds(budget))
            problems.Add($"UCaptcha:Storage:LeaseSeconds is {storage.LeaseSeconds}, and UCaptcha:Engine:TimeBudgetMs {budget}; a lease must be shorter, else the tasks of a dead node run out of time before another one has them.");
        if (!IsConnectionString(storage.ConnectionString))
            problems.Add("UCaptcha:Storage:ConnectionString must name a database, such as Host=db;Database=ucaptcha;Username=ucaptcha;Password=…, for the provider postgres.");
    }

    public static async Task<IAsyncDisposable> OpenAsync(UCaptchaSettings settings, TimeProvider clock, ILoggerFactory logging)
    {
        var flush = settings.Storage.Synchronous.Equals("full", StringComparison.OrdinalIgnoreCase);
        if (!IsPostgres(settings.Storage))
        {
            var file = new SqliteStorageOptions { DataDirectory = settings.DataDirectory, FlushEveryCommit = flush };
            return await SqliteStore.OpenAsync(file, clock, logging.CreateLogger<SqliteStore>());
        }

        var database = new PostgresStorageOptions
        {
            ConnectionString = settings.Storage.ConnectionString,
            LeaseTime = TimeSpan.FromSeconds(settings.Storage.LeaseSeconds),
            FlushEveryCommit = flush,
        };
        return await PostgresStore.OpenAsync(database, clock, logging.CreateLogger<PostgresStore>());
    }

    /// <summary>Registers a store under each of Core's interfaces that it has; with leases also what keeps them.</summary>
    public static void AddStore(this IServiceCollection services, IAsyncDisposable store)
    {
        foreach (var contract in store.GetType().GetInterfaces().Where(contract => contract.Namespace == typeof(ITaskStore).Namespace))
            services.AddSingleton(contract, store);
        if (store is ILeaseStore)
            services.AddSingleton<LeaseKeeper>().AddHostedService(provider => provider.GetRequiredService<LeaseKeeper>());
        if (store is ITaskNews)
            services.AddSingleton<JudgementSharer>().AddHostedService(provider => provider.GetRequiredService<JudgementSharer>()).AddHostedService<NewsReader>();
    }

    private static bool IsPostgres(StorageSettings settings) => settings.Provider.Equals(Postgres, StringComparison.OrdinalIgnoreCase);

    private static bool IsConnectionString(string text)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
