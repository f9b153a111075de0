using System.Collections.Concurrent;
using System.Diagnostics;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.KillTest.Nodes;

/// <summary>A server that dies and is started again, on other ports each time.</summary>
internal sealed class Node(int number, IReadOnlyDictionary<string, string> settings, string dataFolder) : IAsyncDisposable
{
    private static readonly string[] StoreFaults = ["fail: UCaptcha.Storage", "fail: UCaptcha.Server.Stores"];
    private static readonly string[] FaultStarts = ["fail:", "crit:", "Unhandled exception"];

    private readonly ConcurrentQueue<Incarnation> _lives = new();
    private readonly ConcurrentQueue<ProgramProcess> _stillborn = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private volatile Incarnation? _current;

    /// <summary>The one that answers now, or null while it is down.</summary>
    public Incarnation? Current => _current;

    /// <summary>Whether it was ever started.</summary>
    public bool HasLived => !_lives.IsEmpty;

    /// <summary>Lines in which any of its lives reported a fault of its own.</summary>
    /// <param name="databaseDies">Then what the store says of that is none.</param>
    public IEnumerable<string> Faults(bool databaseDies) =>
        _lives.Select(life => life.Server.Program).Concat(_stillborn)
            .SelectMany(program => program.Output)
            .Where(line => FaultStarts.Any(start => line.StartsWith(start, StringComparison.Ordinal)))
            .Where(line => !databaseDies || !StoreFaults.Any(start => line.StartsWith(start, StringComparison.Ordinal)))
            .Concat(_complaints)
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

    /// <summary>Asks it to stop, as a rolling restart does.</summary>
    public async Task StopAsync()
    {
        var life = _current!;
        _current = null;
        if (await life.Server.Program.StopAsync() is var code && code != 0)
            _complaints.Enqueue($"it was told to stop and ended with {code}");
    }

    /// <summary>Holds it still for so long. Its clients wait with it.</summary>
    public async Task FreezeAsync(TimeSpan time)
    {
        var program = _current!.Server.Program;
        program.Stall();
        await Task.Delay(time);
        program.GoOn();
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
