using System.Globalization;
using UCaptcha.KillTest.Judging;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.KillTest.Driving;

/// <summary>Follows all ends of a key from the beginning, and goes on behind its cursor after every cut.</summary>
internal sealed class FeedWatcher(RunKey key, bool grpc, NodeSet nodes, Journal journal, int seed)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly List<(long Cursor, string TaskId, Seen State)> _entries = [];
    private string _cursor = "0";

    public RunKey Key => key;

    private string Name { get; } = $"WatchTasks of {key.Name} over {(grpc ? "gRPC" : "JSON")}";

    /// <summary>What it was told.</summary>
    public FeedRecord Record => new(key.Name, Name, _entries);

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
            catch (CutException cut)
            {
                journal.Cut(cut);
            }
            catch (RefusalException refusal)
            {
                journal.Outrages.Enqueue($"{Name}: {refusal.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(RetryPause, CancellationToken.None);
        }
    }

    private async Task FollowAsync(ICaptchaClient client, CancellationToken stop)
    {
        await foreach (var entry in client.FollowAsync(key.Text, _cursor, stop))
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
