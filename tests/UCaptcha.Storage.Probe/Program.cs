using UCaptcha.Storage.Probe;
using UCaptcha.Storage.Sqlite;

// measure <directory> [producers] [seconds] [full|normal]: prints writes and reads per second.
// endless <directory> [producers]: accepts until it is killed and prints what was committed.
if (args is not [var verb and ("measure" or "endless"), var directory, ..])
{
    Console.Error.WriteLine("measure <directory> [producers] [seconds] [full|normal] | endless <directory> [producers]");
    return 2;
}

var producers = args.Length > 2 ? int.Parse(args[2]) : 64;
var options = new SqliteStorageOptions { DataDirectory = directory, FlushEveryCommit = args is not [.., "normal"] };
await using var store = await SqliteStore.OpenAsync(options, TimeProvider.System);
if (verb == "measure")
    await Measure.RunAsync(store, producers, TimeSpan.FromSeconds(args.Length > 3 ? int.Parse(args[3]) : 5));
else
    await Endless.RunAsync(store, producers);
return 0;
