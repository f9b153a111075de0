using UCaptcha.KillTest;

// dotnet run -c Release --project tests/UCaptcha.KillTest -- --kills 300 --nodes 3 --deaths kill,freeze,stop,database --seed 1 --rate 30
// Prints what happened and every broken promise with its evidence; ends with 1 when there is one.
var report = await KillRun.RunAsync(KillOptions.Parse(args), Console.Out);
Console.WriteLine(report);
return report.Violations.Count == 0 ? 0 : 1;
