using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using UCaptcha.Transcoding;

namespace UCaptcha.Server.Network;

/// <summary>A call's body for whose first message room is taken. Gives it back when the message has been read out of it, at the latest when it is disposed.</summary>
/// <param name="body">The body.</param>
/// <param name="room">Where the room was taken.</param>
/// <param name="size">How much.</param>
/// <param name="message">The length of the message with its prefix.</param>
internal sealed class RoomedBody(PipeReader body, BodyRoom room, long size, long message) : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    private ReadOnlySequence<byte> _last;
    private long _taken = size;
    private long _left = message;

    /// <inheritdoc/>
    public PipeReader Reader => this;

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await body.ReadAsync(cancellationToken);
        _last = result.Buffer;
        return result;
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        var read = body.TryRead(out result);
        _last = result.Buffer;
        return read;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _left -= _last.Slice(0, consumed).Length;
        _last = default;
        body.AdvanceTo(consumed, examined);
        if (_left <= 0)
            Dispose();
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => body.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => body.Complete(exception);

    /// <inheritdoc/>
    public void Dispose() => room.Return(Interlocked.Exchange(ref _taken, 0));
}
