using UCaptcha.Architecture.Tests.References;

namespace UCaptcha.Architecture.Tests.Clock;

// The members through which code takes time or chance from the machine instead of being handed it.
internal static class ClockRules
{
    // Where the system's TimeProvider may be named, to hand it to everybody else.
    public static readonly string[] MayNameTheSystemClock = ["UCaptcha.Server"];

    public static bool IsBanned(string project, MemberUse use) => (use.Type, use.Name) switch
    {
        ("System.TimeProvider", "get_System") => !MayNameTheSystemClock.Contains(project),
        ("System.DateTime", "get_Now" or "get_UtcNow" or "get_Today") => true,
        ("System.DateTimeOffset", "get_Now" or "get_UtcNow") => true,
        ("System.Environment", "get_TickCount" or "get_TickCount64") => true,
        ("System.Diagnostics.Stopwatch", "StartNew" or "GetTimestamp" or "GetElapsedTime" or ".ctor") => true,
        ("System.Threading.Thread", "Sleep") => true,
        ("System.Threading.Tasks.Task", "Delay") => !TakesAClock(use),
        ("System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1", "WaitAsync") => TakesADelay(use) && !TakesAClock(use),
        ("System.Threading.CancellationTokenSource", ".ctor") => TakesADelay(use) && !TakesAClock(use),
        ("System.Threading.PeriodicTimer", ".ctor") => !TakesAClock(use),
        ("System.Threading.Timer", ".ctor") => true,
        ("System.Random", "get_Shared") => true,
        ("System.Random", ".ctor") => use.Signature.EndsWith("()", StringComparison.Ordinal),
        ("System.Guid", "CreateVersion7") => use.Signature.EndsWith("()", StringComparison.Ordinal),
        _ => false,
    };

    private static bool TakesAClock(MemberUse use) => use.Signature.Contains("System.TimeProvider", StringComparison.Ordinal);

    private static bool TakesADelay(MemberUse use) =>
        use.Signature.Contains("System.TimeSpan", StringComparison.Ordinal) || use.Signature.Contains("System.Int32", StringComparison.Ordinal);
}
