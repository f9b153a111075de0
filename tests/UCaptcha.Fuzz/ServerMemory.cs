using System.Globalization;

namespace UCaptcha.Fuzz;

/// <summary>How much memory a process holds.</summary>
internal static class ServerMemory
{
    private const string Resident = "VmRSS:";

    /// <summary>The resident memory in bytes, from /proc.</summary>
    public static long Of(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(Resident, StringComparison.Ordinal));
        return long.Parse(line[Resident.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Any, CultureInfo.InvariantCulture) * 1024;
    }
}
