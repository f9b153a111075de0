using System.Globalization;
using UCaptcha.Fuzz;

// dotnet run -c Release --project tests/UCaptcha.Fuzz [-- requests [seed [number of one request to repeat]]]
var requests = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5_000;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 20_261_125;
int? only = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : null;
var report = await Fuzzer.RunAsync(requests, seed, only);
report.Write(Console.Out);
return report.Violations.Count == 0 ? 0 : 1;
