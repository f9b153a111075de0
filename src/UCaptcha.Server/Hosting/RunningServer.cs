using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace UCaptcha.Server.Hosting;

/// <summary>A server and its store, from before its start until both are laid down.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IAsyncDisposable _store;

    public RunningServer(WebApplication app, IAsyncDisposable store)
    {
        (_app, _store) = (app, store);
        app.MapUCaptcha();
    }

    /// <summary>Where it listens, once it does: JSON first, then gRPC where it has a port of its own, the admin port last.</summary>
    public IReadOnlyList<string> Addresses => [.. Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>What it is made of.</summary>
    public IServiceProvider Services => _app.Services;

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Stops what runs, the tasks' lives before the store that they are written to.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
            // A host that was never started tells nobody that it stops.
            await Services.GetRequiredService<Drain>().LeaveAsync();
        }
        finally
        {
            await _app.DisposeAsync();
            await _store.DisposeAsync();
        }
    }
}
