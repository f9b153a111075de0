using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dapper;
using Npgsql;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Postgres;

/// <summary>The news from other nodes.</summary>
public sealed partial class PostgresStore : ITaskNews
{
    private const int MostWaiting = 1024;

    /// <summary>Words in one notification, which has less than 8000 bytes.</summary>
    private const int MostWords = 36;

    private static readonly TimeSpan NewsRetry = TimeSpan.FromSeconds(1);
    private static readonly TaskNews SomeMissed = new([], Orphans: true, Missed: true);

    /// <inheritdoc/>
    public async IAsyncEnumerable<TaskNews> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What does not fit is dropped like any other lost news.
        var news = Channel.CreateBounded<TaskNews>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = ListenAsync(news.Writer, left.Token);
        try
        {
            await foreach (var item in news.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return item;
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SayAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        if (words.Count == 0 || _lease.Alive < 2)
            return;
        string[] texts = [.. words.Chunk(MostWords).Select(some => NewsText.Said(_lease.Node, some))];
        await _reads.ReadAsync(
            static (connection, texts) => connection.Execute($"SELECT pg_notify('{NewsText.Channel}', text) FROM unnest(@texts) AS text", new { texts }),
            texts,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task ListenAsync(ChannelWriter<TaskNews> news, CancellationToken cancellationToken)
    {
        try
        {
            await ListenUntilAsync(news, cancellationToken).ConfigureAwait(false);
            news.Complete();
        }
        catch (Exception e)
        {
            news.Complete(e);
        }
    }

    private async Task ListenUntilAsync(ChannelWriter<TaskNews> news, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _connections.OpenListenerAsync(cancellationToken).ConfigureAwait(false);
                connection.Notification += (_, notification) =>
                {
                    if (NewsText.Read(notification.Payload, _lease.Node) is { } item)
                        news.TryWrite(item);
                };
                await using (var listen = new NpgsqlCommand($"LISTEN {NewsText.Channel}", connection))
                    await listen.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                news.TryWrite(SomeMissed);
                while (true)
                    await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (PostgresFailures.Translate(e) is StoreUnavailableException)
            {
                _failures.NewsCut(e);
            }

            await Task.Delay(NewsRetry, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
