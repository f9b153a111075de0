using Grpc.Core;

namespace UCaptcha.Transcoding;

/// <summary>
/// The memory that bodies may take which have not arrived whole yet, all together: callers that begin many and end none take no more. A body that comes
/// in one piece takes none of it. Safe for any thread.
/// </summary>
/// <param name="bytes">How much.</param>
/// <param name="refuse">Makes the status by which a call ends for whose body there is no room; it should say that the same call may succeed later.</param>
public sealed class BodyRoom(long bytes, Func<RpcException> refuse)
{
    private long _taken;

    /// <summary>How much is taken, in bytes.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Takes room; give it back with <see cref="Return"/>.</summary>
    /// <exception cref="RpcException">There is not so much.</exception>
    public void Take(long size)
    {
        if (!TryTake(size))
            throw refuse();
    }

    /// <summary>The same; false when there is not so much.</summary>
    public bool TryTake(long size)
    {
        if (Interlocked.Add(ref _taken, size) <= bytes)
            return true;
        Return(size);
        return false;
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(long size) => Interlocked.Add(ref _taken, -size);
}
