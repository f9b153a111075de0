using UCaptcha.Core.Tasks.Engine;

namespace UCaptcha.Server.Hosting;

/// <summary>
/// The way out on SIGTERM: new work is refused and /healthz says so at once, streams end, what is being submitted or
/// committed comes to its end, and the rest is left in the store for the next start.
/// </summary>
internal sealed class Drain(TaskEngine engine, IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    /// <summary>How long upstream calls may take to come to their end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Whether the server is on its way out.</summary>
    public bool Begun => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Lets the tasks that are under way come to a rest. Does nothing the second time.</summary>
    public Task LeaveAsync() => engine.StopAsync(Grace);

    public Task StoppingAsync(CancellationToken cancellationToken) => LeaveAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
