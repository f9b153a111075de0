using System.Globalization;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.KillTest.Driving;

/// <summary>Follows all ends of a key from the beginning, and goes on behind its cursor after every cut.</summary>
internal sealed class FeedWatcher(string key, bool grpc, NodeSet nodes, Journal journal, int seed)
{
    private readonly List<(long Cursor, string TaskId, Seen State)> _entries = [];
    private string _cursor = "0";

    public string Key => key;

    public string Name { get; } = $"WatchTasks of {key} over {(grpc ? "gRPC" : "JSON")}";

    /// <summary>The ends it was told, in the order in which it was told.</summary>
    public IReadOnlyList<(long Cursor, string TaskId, Seen State)> Entries => _entries;

    /// <summary>Where it stands in the commit order.</summary>
    public long Position => long.Parse(Volatile.Read(ref _cursor), CultureInfo.InvariantCulture);

    public async Task RunAsync(CancellationToken stop)
    {
        var random = new Random(seed);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var life = await nodes.AnyAsync(random, stop);
                await FollowAsync(grpc ? new GrpcClient(life.Grpc) : new JsonClient(life.Http), stop);
            }
            catch (CutException)
            {
                journal.Cut();
            }
            catch (RefusalException refusal)
            {
                journal.Outrages.Enqueue($"{Name}: {refusal.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(ICaptchaClient client, CancellationToken stop)
    {
        await foreach (var entry in client.FollowAsync(key, _cursor, stop))
        {
            if (entry.TaskId is not null)
            {
                _entries.Add((long.Parse(entry.Cursor, CultureInfo.InvariantCulture), entry.TaskId, entry.State));
                journal.SeeInFeed(entry.TaskId, entry.State, Name);
            }

            Volatile.Write(ref _cursor, entry.Cursor);
        }
    }
}
