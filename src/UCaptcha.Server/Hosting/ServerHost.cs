using System.Net.Sockets;
using System.Security.Cryptography;
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
        using var interrupt = new StartInterrupt();
        try
        {
            if (DatabaseCommand.IsMeant(args))
            {
                DatabaseCommand.Run(args, TimeProvider.System, console);
                return Done;
            }

            await using var server = await StartAsync(args, TimeProvider.System, console, interrupt: interrupt);
            await server.WaitForShutdownAsync();
            return Done;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            await console.WriteLineAsync("Told to stop before it had started.");
            return Done;
        }
        catch (SettingsException exception)
        {
            await errors.WriteLineAsync(exception.Message);
            return BadSettings;
        }
        catch (SocketException exception)
        {
            await errors.WriteLineAsync($"An address of UCaptcha:Http:Url, UCaptcha:Grpc:Url or UCaptcha:Admin:Url cannot be listened on: {exception.Message}.");
            return CannotStart;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreInUseException or SchemaTooNewException or IOException)
        {
            await errors.WriteLineAsync(exception.Message);
            return CannotStart;
        }
    }

    /// <summary>Starts a server that answers when this returns. Whatever keeps it from starting, what it had begun is laid down as at a stop.</summary>
    /// <param name="args">Its settings.</param>
    /// <param name="clock">The time.</param>
    /// <param name="console">Where the operator reads.</param>
    /// <param name="arrange">Puts other parts in the place of its own, or null.</param>
    /// <param name="interrupt">Ends the start, once there is something to lay down.</param>
    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The start was interrupted.</exception>
    public static async Task<RunningServer> StartAsync(
        string[] args, TimeProvider clock, TextWriter console, Action<IServiceCollection>? arrange = null, StartInterrupt? interrupt = null)
    {
        var begun = new ProgramStart(clock.GetUtcNow());
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var providers = ProviderCatalogue.Create(clock);
        var random = RandomNumberGenerator.Create();
        var setup = new SetupReader(TaskCatalogue.Default, providers, random).Read(builder.Configuration);

        using var bootLogging = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        var store = await StoreOpening.OpenAsync(setup.Settings, clock, bootLogging);
        RunningServer? server = null;
        try
        {
            interrupt?.Arm();
            builder.AddUCaptcha(setup, store, providers, clock, random);
            builder.Services.AddSingleton(begun);
            arrange?.Invoke(builder.Services);
            server = new RunningServer(builder.Build(), store);
            await StartAsync(server, setup, console, interrupt?.Token ?? CancellationToken.None);
            return server;
        }
        catch
        {
            await (server?.DisposeAsync() ?? store.DisposeAsync());
            throw;
        }
    }

    /// <summary>Keys that are shown once are made when nothing stands between them and whom they are shown to.</summary>
    private static async Task StartAsync(RunningServer server, ServerSetup setup, TextWriter console, CancellationToken cancellationToken)
    {
        var services = server.Services;
        var resumed = await LoadAsync(services, setup, cancellationToken);
        await server.StartAsync(cancellationToken);
        var greeting = new Greeting(console, server.Addresses);
        greeting.TellWork(services.GetRequiredService<AccountRegistry>().Accounts.Count == 0, resumed);
        if (await FirstKeys.MakeKeyAsync(services) is { } key)
            greeting.ShowKey(key);
        if (await FirstKeys.MakeAdminKeyAsync(services) is { } adminKey)
            greeting.ShowAdminKey(adminKey);
        greeting.TellAddresses(grpcHasItsOwn: setup.Grpc is not null);
    }

    /// <summary>Loads what is stored and takes up the tasks from before, and returns how many. Begins anew when the node's lease runs out meanwhile: a machine may be that busy.</summary>
    private static async Task<int> LoadAsync(IServiceProvider services, ServerSetup setup, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await services.GetRequiredService<KeyLoader>().LoadAsync(setup.Keys, cancellationToken);
                await services.GetRequiredService<AdminKeyLoader>().LoadAsync(cancellationToken);
                await services.GetRequiredService<AccountRegistry>().LoadAsync(cancellationToken);
                return services.GetService<LeaseKeeper>() is { } keeper
                    ? await keeper.BeginAsync(cancellationToken)
                    : await services.GetRequiredService<TaskEngine>().ResumeAsync(services.GetRequiredService<KeyLoader>().Find, cancellationToken);
            }
            catch (LeaseLostException)
            {
                await services.GetRequiredService<ILeaseStore>().RegisterAsync(cancellationToken);
            }
        }
    }
}
