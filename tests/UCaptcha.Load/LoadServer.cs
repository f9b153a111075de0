using UCaptcha.TestKit.Processes;

namespace UCaptcha.Load;

/// <summary>The settings of servers under load.</summary>
internal static class LoadServer
{
    public const string Key = "benchmark-key";

    /// <summary>One account that lets only a few tasks in at a time, so that accepting is measured and not the emulator.</summary>
    public const string Sink = "sink:capmonster,latency=60s";

    public static Dictionary<string, string> Settings(EmulatorProcess emulator, params (string Name, string Value)[] more)
    {
        var settings = emulator.Account("sink", "capmonster", ("MaxConcurrent", "16"));
        settings["Keys__bench__Key"] = Key;
        settings["RateLimit__PerAddress"] = "0";
        settings["Engine__MaxUnfinished"] = "5000000";
        settings["Engine__TimeBudgetMs"] = "600000";
        foreach (var (name, value) in more)
            settings[name] = value;
        return settings;
    }
}
