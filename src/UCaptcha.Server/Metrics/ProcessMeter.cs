using System.Diagnostics;
using System.Diagnostics.Metrics;
using UCaptcha.Core;

namespace UCaptcha.Server.Metrics;

/// <summary>What the process uses, under the names that Prometheus' own clients have for it.</summary>
internal static class ProcessMeter
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Makes the instruments; the exporter finds them.</summary>
    public static void Start(string version)
    {
        var meter = Metering.Meter;
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Resident memory size in bytes.");
        meter.CreateObservableCounter("process.cpu", () => CpuSeconds(), "s", "User and system CPU time in seconds.");
        meter.CreateObservableGauge("dotnet.gc.heap", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Size of the managed heap.");
        meter.CreateObservableGauge("dotnet.thread_pool.threads", () => ThreadPool.ThreadCount, description: "Threads of the pool.");
        meter.CreateObservableGauge("dotnet.thread_pool.queue", () => ThreadPool.PendingWorkItemCount, description: "Work that waits for a thread.");
        meter.CreateObservableGauge(
            "ucaptcha.build_info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", version)), description: "The program's version.");
        if (Directory.Exists(Descriptors))
            meter.CreateObservableGauge("process.open_fds", OpenDescriptors, description: "Open file descriptors.");
    }

    private static double CpuSeconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    private static int OpenDescriptors() => Directory.GetFileSystemEntries(Descriptors).Length;
}
