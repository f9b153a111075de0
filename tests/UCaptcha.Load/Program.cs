using System.Globalization;
using UCaptcha.Load;

// dotnet run -c Release --project tests/UCaptcha.Load [-- seconds [watchers]]
//   -- overload [seconds]                              beyond what the server takes; ends with 1 if it breaks
//   -- rows [seconds [count ...]]                      with 1,000, 100,000 and 5,000,000 finished tasks in the file
//   -- nodes [seconds]                                 SQLite, and PostgreSQL under one, two and three nodes
//   -- soak [--minutes 60] [--rate 50]                 the same at the end as at the beginning, and all solved; ends with 1 if not
switch (args)
{
    case ["serve-baselines"]:
        await Baselines.ServeAsync();
        return 0;
    case ["overload", .. var rest]:
        return await Overload.RunAsync(Number(rest, 0, 10));
    case ["rows", .. var rest]:
        await ManyRows.RunAsync(rest.Length > 1 ? rest[1..].Select(int.Parse) : [1_000, 100_000, 5_000_000], Number(rest, 0, 10));
        return 0;
    case ["nodes", .. var rest]:
        await ManyNodes.RunAsync(Number(rest, 0, 10));
        return 0;
    case ["soak", .. var rest]:
        return await Soak.RunAsync(Option(rest, "--minutes", 60), Option(rest, "--rate", 50));
    default:
        await Benchmark.RunAsync(Number(args, 0, 10), Number(args, 1, 10_000));
        return 0;
}

static int Number(string[] args, int position, int otherwise) => args.Length > position ? int.Parse(args[position], CultureInfo.InvariantCulture) : otherwise;

static double Option(string[] args, string name, double otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var at ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
