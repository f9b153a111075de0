using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace UCaptcha.Server.Admin;

/// <summary>Accepts for two protocols, and looks at the first bytes of each connection to know which it is for.</summary>
internal sealed class SharedPortListener
{
    /// <summary>A connection that has not said what it speaks by then is closed.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    private readonly IConnectionListener _inner;
    private readonly TimeProvider _clock;
    private readonly Half _http1;
    private readonly Half _http2;
    private readonly Task _accepting;

    public SharedPortListener(IConnectionListener inner, TimeProvider clock)
    {
        (_inner, _clock) = (inner, clock);
        (_http1, _http2) = (new Half(this), new Half(this));
        _accepting = AcceptAsync();
    }

    /// <summary>The beginning of the preface that HTTP/2 connections start with (RFC 9113, section 3.4). No HTTP/1.1 method begins so.</summary>
    private static ReadOnlySpan<byte> Preface => "PRI "u8;

    public IConnectionListener HalfOf(bool http2) => http2 ? _http2 : _http1;

    private async Task AcceptAsync()
    {
        try
        {
            while (await _inner.AcceptAsync() is { } connection)
                _ = SortAsync(connection);
        }
        finally
        {
            _http1.Connections.Writer.TryComplete();
            _http2.Connections.Writer.TryComplete();
        }
    }

    private async Task SortAsync(ConnectionContext connection)
    {
        try
        {
            using var timeUp = new CancellationTokenSource(LongestSilence, _clock);
            var half = await SpeaksHttp2Async(connection, timeUp.Token) ? _http2 : _http1;
            if (half.Connections.Writer.TryWrite(connection))
                return;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ConnectionResetException)
        {
            // It went away, or said nothing.
        }

        connection.Abort();
        await connection.DisposeAsync();
    }

    private static async Task<bool> SpeaksHttp2Async(ConnectionContext connection, CancellationToken cancellationToken)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var known = Decide(read.Buffer) ?? (read.IsCompleted ? false : null);
            // Nothing is consumed: the server reads it all again. What is examined is not offered again before there is more.
            input.AdvanceTo(read.Buffer.Start, known is null ? read.Buffer.End : read.Buffer.Start);
            if (known is { } http2)
                return http2;
        }
    }

    /// <summary>Whether these bytes begin HTTP/2, or null while it is open.</summary>
    private static bool? Decide(ReadOnlySequence<byte> bytes)
    {
        Span<byte> first = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(bytes.Length, first.Length);
        bytes.Slice(0, length).CopyTo(first);
        if (!first[..length].SequenceEqual(Preface[..length]))
            return false;
        return length == Preface.Length ? true : null;
    }

    private sealed class Half(SharedPortListener owner) : IConnectionListener
    {
        public Channel<ConnectionContext> Connections { get; } = Channel.CreateBounded<ConnectionContext>(1024);

        public EndPoint EndPoint => owner._inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await Connections.Reader.WaitToReadAsync(cancellationToken))
            {
                if (Connections.Reader.TryRead(out var connection))
                    return connection;
            }

            return null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await owner._inner.UnbindAsync(cancellationToken);
            await owner._accepting;
        }

        public ValueTask DisposeAsync() => owner._inner.DisposeAsync();
    }
}
