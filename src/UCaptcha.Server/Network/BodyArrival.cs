using System.Buffers;
using System.IO.Pipelines;
using UCaptcha.Transcoding;

namespace UCaptcha.Server.Network;

/// <summary>
/// Lets what is needed of a body arrive, and takes room for it as it comes, whatever was announced. A body that comes too slowly is given up, so that nobody
/// keeps room by sending nothing.
/// </summary>
/// <param name="body">The body, which is not read out of.</param>
/// <param name="room">Where the room is taken.</param>
/// <param name="clock">The time.</param>
internal sealed class BodyArrival(PipeReader body, BodyRoom room, TimeProvider clock) : IDisposable
{
    /// <summary>What comes with the first packets takes no room.</summary>
    private const int Small = 16 * 1024;

    private long _taken;

    /// <summary>On the average, once <see cref="Grace"/> is over.</summary>
    public static int SlowestBytesPerSecond => 8 * 1024;

    /// <summary>How long a body may rest before it has to be as fast as that.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Waits until all that is needed is there, or the end of the body.</summary>
    /// <param name="needed">How many bytes are needed, as far as what is there tells.</param>
    /// <returns>Whether it came, or why not.</returns>
    /// <exception cref="BadHttpRequestException">The body broke off, or is too large.</exception>
    public async ValueTask<BodyStanding> WaitAsync(Func<ReadOnlySequence<byte>, long> needed)
    {
        CancellationTokenSource? timeUp = null;
        var (began, arrived) = (clock.GetTimestamp(), 0L);
        try
        {
            while (true)
            {
                if (!body.TryRead(out var result))
                {
                    var left = Grace + TimeSpan.FromSeconds((double)arrived / SlowestBytesPerSecond) - clock.GetElapsedTime(began);
                    if (left <= TimeSpan.Zero)
                        return BodyStanding.TooSlow;
                    timeUp ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
                    timeUp.CancelAfter(left);
                    result = await body.ReadAsync(timeUp.Token);
                }

                var buffer = result.Buffer;
                arrived = buffer.Length;
                if (result.IsCompleted || arrived >= needed(buffer))
                {
                    body.AdvanceTo(buffer.Start);
                    return BodyStanding.Arrived;
                }

                body.AdvanceTo(buffer.Start, buffer.End);
                if (arrived <= Small)
                    continue;
                if (!room.TryTake(arrived - _taken))
                    return BodyStanding.NoRoom;
                _taken = arrived;
            }
        }
        catch (OperationCanceledException) when (timeUp is { IsCancellationRequested: true })
        {
            return BodyStanding.TooSlow;
        }
        finally
        {
            timeUp?.Dispose();
        }
    }

    /// <summary>What was taken, which the caller gives back now.</summary>
    public long HandOver() => Interlocked.Exchange(ref _taken, 0);

    /// <summary>Gives back what was not handed over.</summary>
    public void Dispose() => room.Return(HandOver());
}

/// <summary>Whether a body came.</summary>
internal enum BodyStanding
{
    /// <summary>What is needed of it is there.</summary>
    Arrived,

    /// <summary>There is no room for it now.</summary>
    NoRoom,

    /// <summary>It came too slowly.</summary>
    TooSlow,
}
