using System.Net;
using System.Net.Http.Headers;

namespace UCaptcha.Server.Callbacks;

/// <summary>One request of a callback, as its form wrote it.</summary>
/// <param name="Message">What is sent.</param>
/// <param name="Timeout">How long the try may take in all.</param>
/// <param name="SilenceAccepts">Whether a receiver that got the whole request and says nothing has taken it.</param>
internal sealed record CallbackRequest(HttpRequestMessage Message, TimeSpan Timeout, bool SilenceAccepts = false) : IDisposable
{
    /// <summary>How long a try takes at most unless a dialect says otherwise: 10 s, as uCaptcha documents it.</summary>
    public static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether a body was written out to its end.</summary>
    public bool IsSent => Message.Content is Body { IsWritten: true };

    /// <summary>A GET. Its body is empty and yet there: the client repeats a request without one up to three times when the receiver hangs up.</summary>
    public static CallbackRequest Get(Uri url) =>
        new(new HttpRequestMessage(HttpMethod.Get, url) { Content = new Body(contentType: null, []) }, UsualTimeout);

    /// <summary>A POST.</summary>
    /// <exception cref="UriFormatException">The URL is none.</exception>
    public static CallbackRequest Post(string url, string contentType, byte[] body) =>
        new(new HttpRequestMessage(HttpMethod.Post, new Uri(url)) { Content = new Body(contentType, body) }, UsualTimeout);

    /// <inheritdoc/>
    public void Dispose() => Message.Dispose();

    private sealed class Body : HttpContent
    {
        private readonly byte[] _body;

        public Body(string? contentType, byte[] body)
        {
            _body = body;
            Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        public bool IsWritten { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(_body, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            IsWritten = true;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
