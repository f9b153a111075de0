using System.Globalization;

namespace UCaptcha.KillTest;

/// <summary>What a run does.</summary>
public sealed record KillOptions
{
    /// <summary>How many processes are killed.</summary>
    public int Kills { get; init; } = 20;

    /// <summary>How many servers run at once; more than one need a shared database.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Repeats the same submissions and the same choice of moments. What happens between them is the machine's.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Submissions a second.</summary>
    public double Rate { get; init; } = 30;

    /// <summary>The longest that a task which was under way at a kill may take to end after it.</summary>
    public TimeSpan LongestRecovery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads <c>--kills 300 --nodes 3 --seed 7 --rate 60</c>.</summary>
    public static KillOptions Parse(string[] args)
    {
        var options = new KillOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--kills" => options with { Kills = int.Parse(value, CultureInfo.InvariantCulture) },
                "--nodes" => options with { Nodes = int.Parse(value, CultureInfo.InvariantCulture) },
                "--seed" => options with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
                "--rate" => options with { Rate = double.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException($"{args[i]} is not known; known are --kills, --nodes, --seed and --rate."),
            };
        }

        return options;
    }
}
