using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Providers;
using UCaptcha.Server.Accounts;
using UCaptcha.Server.Admin;
using UCaptcha.Server.Keys;
using UCaptcha.Server.Options;
using UCaptcha.Storage;

namespace UCaptcha.Server.Hosting;

/// <summary>The life of the process: settings, store, keys, tasks from before, then callers; and all of it back.</summary>
internal static class ServerHost
{
    private const int Done = 0;
    private const int CannotStart = 1;
    private const int BadSettings = 2;

    /// <summary>Runs a command on the database, or serves until the process is told to stop. 0 when it did, 1 when the store or a port cannot be used, 2 for bad settings.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter console, TextWriter errors)
    {
        try
        {
            if (DatabaseCommand.Names.Contains(args.FirstOrDefault()))
            {
                DatabaseCommand.Run(args, TimeProvider.System, console);
                return Done;
            }

            await using var server = await StartAsync(args, TimeProvider.System, console);
            await server.WaitForShutdownAsync();
            return Done;
        }
        catch (SettingsException exception)
        {
            await errors.WriteLineAsync(exception.Message);
            return BadSettings;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreInUseException or SchemaTooNewException or IOException)
        {
            await errors.WriteLineAsync(exception.Message);
            return CannotStart;
        }
    }

    /// <summary>Starts a server that answers when this returns.</summary>
    /// <param name="args">Its settings.</param>
    /// <param name="clock">The time.</param>
    /// <param name="console">Where the operator reads.</param>
    /// <param name="arrange">Puts other parts in the place of its own, or null.</param>
    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public static async Task<RunningServer> StartAsync(
        string[] args, TimeProvider clock, TextWriter console, Action<IServiceCollection>? arrange = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var providers = ProviderCatalogue.Create(clock);
        var random = RandomNumberGenerator.Create();
        var setup = new SetupReader(TaskCatalogue.Default, providers, random).Read(builder.Configuration);

        using var bootLogging = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        var store = await StoreOpening.OpenAsync(setup.Settings, clock, bootLogging);
        try
        {
            builder.AddUCaptcha(setup, store, providers, clock, random);
            arrange?.Invoke(builder.Services);
            var app = builder.Build();
            app.MapUCaptcha();
            var (firstKey, adminKey, resumed) = await LoadAsync(app.Services, setup);
            await app.StartAsync();
            var server = new RunningServer(app, store);
            var sandboxOnly = app.Services.GetRequiredService<AccountRegistry>().Accounts.Count == 0;
            Greeting.Write(console, setup, server.Addresses, sandboxOnly, resumed, firstKey, adminKey);
            return server;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loads what is stored and takes up the tasks from before. Begins anew when the node's lease runs out meanwhile: a machine may be that busy.</summary>
    private static async Task<(string? FirstKey, string? AdminKey, int Resumed)> LoadAsync(IServiceProvider services, ServerSetup setup)
    {
        string? firstKey = null;
        string? adminKey = null;
        while (true)
        {
            try
            {
                firstKey ??= await services.GetRequiredService<KeyLoader>().LoadAsync(setup.Keys, CancellationToken.None);
                adminKey ??= await services.GetRequiredService<AdminKeyLoader>().LoadAsync(CancellationToken.None);
                await services.GetRequiredService<AccountRegistry>().LoadAsync(CancellationToken.None);
                var resumed = services.GetService<LeaseKeeper>() is { } keeper
                    ? await keeper.BeginAsync(CancellationToken.None)
                    : await services.GetRequiredService<TaskEngine>().ResumeAsync(services.GetRequiredService<KeyLoader>().Find, CancellationToken.None);
                return (firstKey, adminKey, resumed);
            }
            catch (LeaseLostException)
            {
                await services.GetRequiredService<ILeaseStore>().RegisterAsync(CancellationToken.None);
            }
        }
    }
}

/// <summary>A server that answers.</summary>
internal sealed class RunningServer(WebApplication app, IAsyncDisposable store) : IAsyncDisposable
{
    /// <summary>Where it listens: JSON first, then gRPC where it has a port of its own, the admin port last.</summary>
    public IReadOnlyList<string> Addresses { get; } = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>What it is made of.</summary>
    public IServiceProvider Services => app.Services;

    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await store.DisposeAsync();
    }
}
