using UCaptcha.Architecture.Tests.Arrows;
using UCaptcha.Architecture.Tests.References;

namespace UCaptcha.Architecture.Tests.Clock;

public sealed class ClockTests
{
    [Fact]
    public async Task Assemblies_OfSrc_TakeNoTimeOrChanceFromTheMachine()
    {
        var projects = await SourceProject.AllAsync();

        Findings.AssertNone(
            from project in projects
            where !project.IsCompat
            from use in AssemblyUses.Beside(project.AssemblyName).Members
            where ClockRules.IsBanned(project.Name, use)
            select $"{project.Name} uses {use}");
    }

    // This assembly holds one use of everything that is banned, and the allowed neighbours of each.
    [Fact]
    public void Rules_OnCodeThatBreaksThem_FindEveryBreach()
    {
        Assert.NotEmpty(ClockOffences.Banned);
        Assert.NotEmpty(ClockOffences.Allowed);
        var found = AssemblyUses.Beside("UCaptcha.Architecture.Tests").Members
            .Where(use => ClockRules.IsBanned("UCaptcha.Core", use))
            .Select(use => $"{use.Type}.{use.Name} {use.Signature[use.Signature.IndexOf('(')..]}")
            .ToHashSet();

        Assert.Equal(
            [
                "System.DateTime.get_Now ()",
                "System.DateTime.get_Today ()",
                "System.DateTime.get_UtcNow ()",
                "System.DateTimeOffset.get_Now ()",
                "System.DateTimeOffset.get_UtcNow ()",
                "System.Diagnostics.Stopwatch..ctor ()",
                "System.Diagnostics.Stopwatch.GetTimestamp ()",
                "System.Diagnostics.Stopwatch.StartNew ()",
                "System.Environment.get_TickCount ()",
                "System.Environment.get_TickCount64 ()",
                "System.Guid.CreateVersion7 ()",
                "System.Random..ctor ()",
                "System.Random.get_Shared ()",
                "System.Threading.CancellationTokenSource..ctor (System.Int32)",
                "System.Threading.CancellationTokenSource..ctor (System.TimeSpan)",
                "System.Threading.PeriodicTimer..ctor (System.TimeSpan)",
                "System.Threading.Tasks.Task.Delay (System.Int32)",
                "System.Threading.Tasks.Task.Delay (System.TimeSpan, System.Threading.CancellationToken)",
                "System.Threading.Tasks.Task.WaitAsync (System.TimeSpan)",
                "System.Threading.Tasks.Task`1.WaitAsync (System.TimeSpan)",
                "System.Threading.Thread.Sleep (System.Int32)",
                "System.Threading.Timer..ctor (System.Threading.TimerCallback)",
                "System.TimeProvider.get_System ()",
            ],
            found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rules_ForTheHost_LetItNameTheSystemClock()
    {
        var use = new MemberUse("System.Runtime", "System.TimeProvider", "get_System", "static System.TimeProvider `0()");

        Assert.False(ClockRules.IsBanned("UCaptcha.Server", use));
        Assert.True(ClockRules.IsBanned("UCaptcha.Storage", use));
    }
}
