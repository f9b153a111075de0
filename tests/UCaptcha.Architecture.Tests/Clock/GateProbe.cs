using UCaptcha.Architecture.Tests.Arrows;

namespace UCaptcha.Architecture.Tests.Clock;

// A project built as those under src are, with one banned symbol on each of its first lines and allowed code on the last.
internal static class GateProbe
{
    // In the order of BannedSymbols.txt.
    public static IReadOnlyList<string> BannedStatements { get; } =
    [
        "_ = System.DateTime.Now;",
        "_ = System.DateTime.UtcNow;",
        "_ = System.DateTime.Today;",
        "_ = System.DateTimeOffset.Now;",
        "_ = System.DateTimeOffset.UtcNow;",
        "_ = System.Environment.TickCount;",
        "_ = System.Environment.TickCount64;",
        "_ = System.Diagnostics.Stopwatch.StartNew();",
        "_ = System.Diagnostics.Stopwatch.GetTimestamp();",
        "System.Threading.Thread.Sleep(1);",
        "System.Threading.Thread.Sleep(System.TimeSpan.Zero);",
        "_ = System.Threading.Tasks.Task.Delay(1);",
        "_ = System.Threading.Tasks.Task.Delay(System.TimeSpan.Zero);",
        "_ = System.Threading.Tasks.Task.Delay(1, default);",
        "_ = System.Threading.Tasks.Task.Delay(System.TimeSpan.Zero, System.Threading.CancellationToken.None);",
        "_ = new System.Threading.CancellationTokenSource(1);",
        "_ = new System.Threading.CancellationTokenSource(System.TimeSpan.Zero);",
        "_ = System.Random.Shared;",
        "_ = System.Guid.CreateVersion7();",
    ];

    private const string Allowed = "_ = System.Threading.Tasks.Task.Delay(System.TimeSpan.Zero, System.TimeProvider.System);\n";

    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
          </PropertyGroup>
        </Project>
        """;

    public static async Task<(int ExitCode, string Output)> BuildAsync()
    {
        // Inside the repository, so that its .editorconfig holds here too.
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"gate-{Environment.ProcessId}")).FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "Probe.csproj"), Project);
            await File.WriteAllTextAsync(Path.Combine(folder, "Probe.cs"), string.Join('\n', BannedStatements) + "\n" + Allowed);
            return await Repository.DotnetAsync(
                folder, "build", "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false",
                $"-p:DirectoryBuildPropsPath={Path.Combine(Repository.Source, "Directory.Build.props")}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
