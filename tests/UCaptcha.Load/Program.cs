using System.Globalization;
using UCaptcha.Load;
using UCaptcha.TestKit.Processes;

// dotnet run -c Release --project tests/UCaptcha.Load [-- seconds [watchers]]
if (args is ["serve-baselines"])
{
    await Baselines.ServeAsync();
    return;
}

var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
var watchers = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000;
await Benchmark.RunAsync(seconds, watchers);
