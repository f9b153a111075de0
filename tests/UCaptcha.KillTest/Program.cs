using UCaptcha.KillTest;
using UCaptcha.KillTest.Nodes;

// dotnet run -c Release --project tests/UCaptcha.KillTest -- --kills 300 --nodes 1 --seed 1 --rate 30
// Prints what happened and every broken promise with its evidence; ends with 1 when there is one.
var options = KillOptions.Parse(args);
await using var room = new SqliteRoom();
var report = await new KillRun(options, room, Console.Out).RunAsync();
Console.WriteLine(report);
return report.Violations.Count == 0 ? 0 : 1;
