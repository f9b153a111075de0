using System.Globalization;

namespace UCaptcha.Load;

/// <summary>What the system says of a process.</summary>
internal static class ProcessFigures
{
    public static long ResidentBytes(int processId) => StatusLine(processId, "VmRSS:") * 1024;

    public static long Threads(int processId) => StatusLine(processId, "Threads:");

    public static int OpenFiles(int processId) => Directory.GetFiles($"/proc/{processId}/fd").Length;

    private static long StatusLine(int processId, string name)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
