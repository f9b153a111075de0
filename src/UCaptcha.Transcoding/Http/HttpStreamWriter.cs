using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding.Http;

// The messages of a stream, each sent at once: a line of JSON each, or an event each where the client accepts text/event-stream.
internal sealed class HttpStreamWriter<T>(HttpTranscodingCallContext context, MethodDescriptor method, ProtoJsonCodec codec, EventIdField? eventId)
    : IServerStreamWriter<T>, IDisposable
    where T : class
{
    private readonly HttpResponse _response = context.HttpContext.Response;
    private readonly StreamFormat _format = StreamFormat.For(context.HttpContext.Request);
    private readonly PooledBuffer _buffer = new();
    private int _isWriting;
    private bool _isComplete;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        context.CancellationToken.ThrowIfCancellationRequested();
        cancellationToken.ThrowIfCancellationRequested();
        if (_isComplete)
            throw new InvalidOperationException("Can't write the message because the request is complete.");
        if (Interlocked.Exchange(ref _isWriting, 1) == 1)
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");

        try
        {
            await SendMessageAsync((IMessage)message);
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }

    public Task WriteErrorAsync(TranscodingError error) =>
        SendAsync(_format.ErrorStart, (Profile, error), static (state, writer) => state.Profile.WriteError(state.error, writer));

    // Sends the headers, unless they are sent.
    public async Task StartAsync()
    {
        if (_response.HasStarted)
            return;

        Prepare();
        await _response.StartAsync(context.HttpContext.RequestAborted);
        await _response.BodyWriter.FlushAsync(context.HttpContext.RequestAborted);
    }

    public void Complete() => _isComplete = true;

    public void Dispose() => _buffer.Dispose();

    private RenderingProfile Profile => context.Feature.Profile;

    private MethodDescriptor Method => method;

    private ProtoJsonCodec Codec => codec;

    private Task SendMessageAsync(IMessage message)
    {
        var start = _format.MessageStart;
        if (_format.IdStart is { } idStart && eventId?.IdOf(message) is { } id)
        {
            byte[] idLine = [.. idStart, .. Encoding.UTF8.GetBytes(id)];
            if (eventId.IsAllOf(message))
                return SendAsync(idLine);
            start = [.. idLine, (byte)'\n', .. start];
        }

        return SendAsync(
            start,
            (Writer: this, message),
            static (state, writer) => state.Writer.Profile.WriteResponse(state.Writer.Method, state.message, state.Writer.Codec, writer));
    }

    // What cannot be written as JSON is thrown before anything of it is sent.
    private Task SendAsync<TState>(byte[] start, TState state, Action<TState, Utf8JsonWriter> write)
    {
        _buffer.Clear();
        Append(start);
        ProtoJsonCodec.Write(_buffer, state, write);
        return FlushAsync();
    }

    private Task SendAsync(byte[] text)
    {
        _buffer.Clear();
        Append(text);
        return FlushAsync();
    }

    private void Append(byte[] bytes)
    {
        bytes.CopyTo(_buffer.GetSpan(bytes.Length));
        _buffer.Advance(bytes.Length);
    }

    private async Task FlushAsync()
    {
        Append(_format.End);
        if (!_response.HasStarted)
            Prepare();

        // This flushes too.
        await _response.BodyWriter.WriteAsync(_buffer.Written, context.HttpContext.RequestAborted);
    }

    private void Prepare()
    {
        _response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        _response.ContentType = _format.ContentType;
        _response.Headers.CacheControl = "no-store";
        _response.Headers["X-Accel-Buffering"] = "no";
    }
}
