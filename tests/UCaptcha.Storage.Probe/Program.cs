using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Probe;
using UCaptcha.Storage.Sqlite;

// measure <directory or connection string> [producers] [seconds] [full|normal]: prints writes and reads per second.
// endless <directory> [producers]: accepts until it is killed and prints what was committed.
if (args is not [var verb and ("measure" or "endless"), var directory, ..])
{
    Console.Error.WriteLine("measure <directory or connection string> [producers] [seconds] [full|normal] | endless <directory> [producers]");
    return 2;
}

var producers = args.Length > 2 ? int.Parse(args[2]) : 64;
var length = TimeSpan.FromSeconds(args.Length > 3 ? int.Parse(args[3]) : 5);
var flush = args is not [.., "normal"];
if (verb == "measure" && directory.Contains('=', StringComparison.Ordinal))
{
    var shared = new PostgresStorageOptions { ConnectionString = directory, FlushEveryCommit = flush };
    await using var database = await PostgresStore.OpenAsync(shared, TimeProvider.System);
    await Measure.RunAsync(database, database, producers, length);
    return 0;
}

await using var store = await SqliteStore.OpenAsync(new SqliteStorageOptions { DataDirectory = directory, FlushEveryCommit = flush }, TimeProvider.System);
if (verb == "measure")
    await Measure.RunAsync(store, store, producers, length);
else
    await Endless.RunAsync(store, producers);
return 0;
