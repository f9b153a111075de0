using System.Globalization;

namespace UCaptcha.KillTest;

/// <summary>What a run does.</summary>
public sealed record KillOptions
{
    /// <summary>How many times something dies.</summary>
    public int Kills { get; init; } = 20;

    /// <summary>How many servers there are; more than one share a PostgreSQL.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>How many of them there are at the beginning. The others join one by one.</summary>
    public int FirstNodes { get; init; } = int.MaxValue;

    /// <summary>Whether the servers keep their tasks in PostgreSQL.</summary>
    public bool OnPostgres { get; init; }

    /// <summary>How they die, one of these each time.</summary>
    public IReadOnlyList<Death> Deaths { get; init; } = [Death.Kill];

    /// <summary>Whether a new primary is found where the old one was, as behind an address that moves. Else the servers know both places.</summary>
    public bool AddressMoves { get; init; }

    /// <summary>How long the tasks of a dead node may wait for another one, on PostgreSQL.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Whether it is a broken promise when they waited for longer. On a machine that is busy with other work whole servers may starve.</summary>
    public bool JudgeTakeovers { get; init; }

    /// <summary>Repeats the same submissions and the same choice of moments. What happens between them is the machine's.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Submissions a second.</summary>
    public double Rate { get; init; } = 30;

    /// <summary>The longest that a task which was under way at a kill may take to end after it.</summary>
    public TimeSpan LongestRecovery { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Reads <c>--kills 300 --nodes 3 --lease 4 --deaths kill,freeze,stop,database,hang,failover --address moves --seed 7 --rate 60</c>.</summary>
    public static KillOptions Parse(string[] args)
    {
        var options = new KillOptions { JudgeTakeovers = true };
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--kills" => options with { Kills = int.Parse(value, CultureInfo.InvariantCulture) },
                "--nodes" => options with { Nodes = int.Parse(value, CultureInfo.InvariantCulture) },
                "--store" => options with { OnPostgres = value == "postgres" },
                "--deaths" => options with { Deaths = [.. value.Split(',').Select(death => Enum.Parse<Death>(death, ignoreCase: true))] },
                "--lease" => options with { Lease = Seconds(value) },
                "--address" => options with { AddressMoves = value == "moves" },
                "--seed" => options with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
                "--rate" => options with { Rate = double.Parse(value, CultureInfo.InvariantCulture) },
                "--recovery" => options with { LongestRecovery = Seconds(value) },
                _ => throw new ArgumentException($"{args[i]} is not known; known are --kills, --nodes, --store, --deaths, --address, --lease, --seed, --rate and --recovery."),
            };
        }

        return options with { OnPostgres = options.OnPostgres || options.Nodes > 1 || options.Deaths.Any(Kill.IsOfDatabase) };
    }

    private static TimeSpan Seconds(string value) => TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture));
}
