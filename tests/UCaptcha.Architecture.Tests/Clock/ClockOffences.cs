using System.Diagnostics;

namespace UCaptcha.Architecture.Tests.Clock;

// Compiled for the rules to find, never run.
internal static class ClockOffences
{
    public static readonly Func<object?>[] Banned =
    [
        () => DateTime.Now,
        () => DateTime.UtcNow,
        () => DateTime.Today,
        () => DateTimeOffset.Now,
        () => DateTimeOffset.UtcNow,
        () => Environment.TickCount,
        () => Environment.TickCount64,
        () => Stopwatch.StartNew(),
        () => Stopwatch.GetTimestamp(),
        () => new Stopwatch(),
        () => { Thread.Sleep(1); return null; },
        () => Task.Delay(1),
        () => Task.Delay(TimeSpan.Zero, CancellationToken.None),
        () => Task.CompletedTask.WaitAsync(TimeSpan.Zero),
        () => Task.FromResult(1).WaitAsync(TimeSpan.Zero),
        () => new CancellationTokenSource(1),
        () => new CancellationTokenSource(TimeSpan.Zero),
        () => new PeriodicTimer(TimeSpan.Zero),
        () => new Timer(_ => { }),
        () => Random.Shared,
        () => new Random(),
        () => Guid.CreateVersion7(),
        () => TimeProvider.System,
    ];

    public static readonly Func<TimeProvider, object?>[] Allowed =
    [
        clock => clock.GetUtcNow(),
        clock => clock.GetTimestamp(),
        clock => Task.Delay(TimeSpan.Zero, clock),
        clock => Task.CompletedTask.WaitAsync(TimeSpan.Zero, clock),
        clock => Task.CompletedTask.WaitAsync(CancellationToken.None),
        clock => new CancellationTokenSource(),
        clock => new CancellationTokenSource(TimeSpan.Zero, clock),
        clock => new PeriodicTimer(TimeSpan.Zero, clock),
        clock => new Random(1),
        clock => Guid.CreateVersion7(clock.GetUtcNow()),
    ];
}
