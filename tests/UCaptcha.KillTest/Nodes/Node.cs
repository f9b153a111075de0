using System.Collections.Concurrent;
using System.Diagnostics;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.KillTest.Nodes;

/// <summary>A server that dies and is started again, on other ports each time.</summary>
internal sealed class Node(int number, IReadOnlyDictionary<string, string> settings, string dataFolder) : IAsyncDisposable
{
    private readonly ConcurrentQueue<Incarnation> _lives = new();
    private readonly ConcurrentQueue<ProgramProcess> _stillborn = new();
    private volatile Incarnation? _current;

    /// <summary>The one that answers now, or null while it is down.</summary>
    public Incarnation? Current => _current;

    /// <summary>Lines in which any of its lives reported a fault of its own.</summary>
    public IEnumerable<string> Faults =>
        _lives.Select(life => life.Server.Program).Concat(_stillborn)
            .SelectMany(program => program.Output)
            .Where(line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal) || line.Contains("Unhandled exception", StringComparison.Ordinal))
            .Select(line => $"node {number}: {line}");

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync()
    {
        var life = new Incarnation(await ServerProcess.WhenReadyAsync(ServerProcess.Launch(settings, dataFolder)));
        _lives.Enqueue(life);
        _current = life;
    }

    /// <summary>Kills it where it stands.</summary>
    public async Task KillAsync()
    {
        var life = _current!;
        _current = null;
        await life.Server.Program.KillAsync();
    }

    /// <summary>Starts it and kills it so long after, whether it answers by then or not.</summary>
    public async Task DieYoungAsync(TimeSpan age)
    {
        var program = ServerProcess.Launch(settings, dataFolder);
        _stillborn.Enqueue(program);
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < age && !program.HasExited)
            await Task.Delay(1);
        await program.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var life in _lives)
            await life.DisposeAsync();
        foreach (var program in _stillborn)
            await program.DisposeAsync();
    }
}
