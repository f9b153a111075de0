using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace UCaptcha.Server.Grpc.Web;

/// <summary>The answer to a gRPC-Web call: collects the trailers and writes them as the last frame.</summary>
internal sealed class GrpcWebAnswer : IHttpResponseBodyFeature, IHttpResponseTrailersFeature, IHttpResetFeature
{
    private const byte TrailersFrame = 0x80;

    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _inner;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpResponseTrailersFeature? _innerTrailers;
    private readonly IHttpResetFeature? _innerReset;
    private bool _ended;

    public GrpcWebAnswer(HttpContext context, GrpcWebMode mode)
    {
        _context = context;
        _inner = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _innerTrailers = context.Features.Get<IHttpResponseTrailersFeature>();
        _innerReset = context.Features.Get<IHttpResetFeature>();
        _body = mode == GrpcWebMode.Text ? new StreamResponseBodyFeature(new Base64Writer(_inner.Stream), _inner) : _inner;
        context.Features.Set<IHttpResponseBodyFeature>(this);
        context.Features.Set<IHttpResponseTrailersFeature>(this);
        context.Features.Set<IHttpResetFeature>(this);
    }

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    public Stream Stream => _body.Stream;

    public PipeWriter Writer => _body.Writer;

    public void DisableBuffering() => _body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _body.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        _body.SendFileAsync(path, offset, count, cancellationToken);

    /// <summary>The gRPC server ends a call that is past its deadline in this way, before the handler returns.</summary>
    public async Task CompleteAsync()
    {
        await EndAsync();
        await _body.CompleteAsync();
    }

    /// <summary>A call that has told its status has nothing to reset; any other is cut off.</summary>
    public void Reset(int errorCode)
    {
        if (!_ended)
            _context.Abort();
    }

    /// <summary>Writes the trailers, once. A call that ends without a message has its status among the headers, as gRPC-Web allows.</summary>
    public async Task EndAsync()
    {
        if (_ended)
            return;
        _ended = true;
        if (!_context.Response.HasStarted || Trailers.Count == 0)
            return;
        WriteTrailers(Writer);
        await Writer.FlushAsync(_context.RequestAborted);
    }

    /// <summary>Puts the features back that were there before.</summary>
    public void Detach()
    {
        _context.Features.Set(_inner);
        _context.Features.Set(_innerTrailers);
        _context.Features.Set(_innerReset);
    }

    private void WriteTrailers(IBufferWriter<byte> writer)
    {
        var lines = new StringBuilder();
        foreach (var (name, values) in Trailers)
        {
            foreach (var value in values)
                lines.Append(name.ToLowerInvariant()).Append(": ").Append(value).Append("\r\n");
        }

        var bytes = Encoding.ASCII.GetBytes(lines.ToString());
        var head = writer.GetSpan(1 + sizeof(uint));
        head[0] = TrailersFrame;
        BinaryPrimitives.WriteUInt32BigEndian(head[1..], (uint)bytes.Length);
        writer.Advance(1 + sizeof(uint));
        writer.Write(bytes);
    }
}
