using System.Diagnostics;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Storage.Probe;

/// <summary>Accepts a second, then leads tasks through their whole life and reads them, from many producers.</summary>
internal static class Measure
{
    public static async Task RunAsync(ITaskStore store, IKeyStore keys, int producers, TimeSpan length)
    {
        var key = await Samples.SaveKeyAsync(keys);
        await ReportAsync("warm-up: accepts", producers, TimeSpan.FromSeconds(1), random => AcceptAsync(store, key.Id, random));
        await ReportAsync("accepts", producers, length, random => AcceptAsync(store, key.Id, random));
        await ReportAsync("whole lives (4 writes each)", producers, length, random => LiveAsync(store, key.Id, random));
        var id = await AcceptAsync(store, key.Id, new Random());
        await ReportAsync("reads by id", Environment.ProcessorCount, length, _ => store.FindAsync(id, CancellationToken.None));
    }

    private static async ValueTask<Guid> AcceptAsync(ITaskStore store, long keyId, Random random)
    {
        while (true)
        {
            var task = Samples.Task(keyId, random.Next(1, int.MaxValue));
            if ((await store.AcceptAsync(task, CancellationToken.None)).Result == AcceptResult.Accepted)
                return task.Id;
        }
    }

    private static async ValueTask<long> LiveAsync(ITaskStore store, long keyId, Random random)
    {
        var id = await AcceptAsync(store, keyId, random);
        var now = DateTimeOffset.UtcNow;
        var attempt = new StoredAttempt { TaskId = id, Number = 1, Account = "a", Kind = "capmonster", Decision = "{}", StartedAt = now };
        await store.BeginAttemptAsync(attempt, Usd.Zero, CancellationToken.None);
        await store.RecordSubmissionAsync(id, 1, "7654321", now, CancellationToken.None);
        var end = new AttemptEnd(id, 1, AttemptState.Solved, now, null, null, null, new Usd(600), null);
        return await store.FinishAsync(
            new TaskEnd(id, keyId, TaskState.Ready, now, new byte[600], null, null, new Usd(600), end), CancellationToken.None);
    }

    private static async Task ReportAsync<T>(string what, int producers, TimeSpan length, Func<Random, ValueTask<T>> once)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, producers).Select(seed => Task.Run(async () =>
        {
            var random = new Random(HashCode.Combine(what, seed));
            var count = 0L;
            for (; clock.Elapsed < length; count++)
                await once(random);
            return count;
        })));
        Console.WriteLine($"{what}: {counts.Sum() / clock.Elapsed.TotalSeconds:N0}/s from {producers}");
    }
}
