using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sqlite;

namespace UCaptcha.Storage.Probe;

/// <summary>Accepts tasks and prints the id of each after its commit, until the process is killed.</summary>
internal static class Endless
{
    public static async Task RunAsync(SqliteStore store, int producers)
    {
        var key = await Samples.SaveKeyAsync(store);
        var shortId = Random.Shared.Next(1, 1 << 30);
        await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var task = Samples.Task(key.Id, Interlocked.Increment(ref shortId));
                if ((await store.AcceptAsync(task, CancellationToken.None)).Result == AcceptResult.Accepted)
                    await Console.Out.WriteLineAsync(task.Id.ToString());
            }
        })));
    }
}
