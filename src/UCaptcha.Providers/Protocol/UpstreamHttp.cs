using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using UCaptcha.Core.Providers;

namespace UCaptcha.Providers.Protocol;

/// <summary>Posts JSON to a service and tells apart what was surely not sent from what may have arrived.</summary>
internal sealed class UpstreamHttp(HttpClient client, string baseUrl, TimeSpan answerTimeout, TimeProvider clock)
{
    private const int MaxAnswerBytes = 1024 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A service that asks for longer is wrong about itself, and one whose clock is behind asks for less than nothing.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly string _base = baseUrl.TrimEnd('/');

    /// <summary>How long a service may take to answer, unless configuration says otherwise.</summary>
    public static TimeSpan AnswerTimeout { get; } = TimeSpan.FromSeconds(30);

    public static HttpClient CreateClient()
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = 256,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("UCaptcha.Grpc");
        return client;
    }

    public async Task<UpstreamAnswer> PostAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var timeUp = new CancellationTokenSource(answerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, _base + path) { Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = JsonType } } };
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var json = await ReadJsonAsync(response, either.Token).ConfigureAwait(false);
            return new UpstreamAnswer((int)response.StatusCode, json, RetryAfter(response), null);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            return UpstreamAnswer.Silence(UpstreamSilence.NotSent, exception.HttpRequestError.ToString());
        }
        catch (SocketException exception)
        {
            // A connection that is reset the moment it is made is looked at too late; the request comes after that.
            return UpstreamAnswer.Silence(UpstreamSilence.NotSent, exception.SocketErrorCode.ToString());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException exception) when (!timeUp.IsCancellationRequested || exception.InnerException is TimeoutException)
        {
            // The handler's own time-out is the one for connecting.
            return UpstreamAnswer.Silence(UpstreamSilence.NotSent, "ConnectTimeout");
        }
        catch (OperationCanceledException)
        {
            return UpstreamAnswer.Silence(UpstreamSilence.MayHaveArrived, "AnswerTimeout");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return UpstreamAnswer.Silence(UpstreamSilence.MayHaveArrived, "ConnectionCut");
        }
        catch (Exception)
        {
            // A body that is not packed as its header says: each way of packing has an exception of its own for it.
            return UpstreamAnswer.Silence(UpstreamSilence.MayHaveArrived, "BrokenAnswer");
        }
    }

    private static async Task<JsonElement?> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var rented = ArrayPool<byte>.Shared.Rent(MaxAnswerBytes);
        try
        {
            var length = await stream.ReadAtLeastAsync(rented.AsMemory(0, MaxAnswerBytes), MaxAnswerBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return length == MaxAnswerBytes ? null : Parse(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            var root = JsonElement.Parse(text.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text);
            return root.ValueKind == JsonValueKind.Object && AnswerReading.IsReadable(root) ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => null,
        };
        return asked is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestRetryAfter.Ticks)) : null;
    }
}

/// <summary>What a service answered, or why it did not.</summary>
/// <param name="HttpStatus">The HTTP status, 0 without an answer.</param>
/// <param name="Json">The body when it is a JSON object, else null.</param>
/// <param name="RetryAfter">How long the service asked to be left alone, or null.</param>
/// <param name="Silent">Why there is no answer, or null.</param>
internal sealed record UpstreamAnswer(int HttpStatus, JsonElement? Json, TimeSpan? RetryAfter, UpstreamSilence? Silent)
{
    public string Reason { get; private init; } = "";

    public static UpstreamAnswer Silence(UpstreamSilence silence, string reason) => new(0, null, null, silence) { Reason = reason };

    /// <summary>An error for an answer without a readable error of its own.</summary>
    public ProviderError Explain() => Silent is not null
        ? new ProviderError(ErrorClass.Transport, Reason.ToUpperInvariant(), "The provider did not answer.")
        : HttpStatus is >= 200 and < 300
            ? new ProviderError(ErrorClass.Transport, "UNREADABLE_ANSWER", "The provider's answer could not be read.")
            : new ProviderError(ErrorCatalogue.ClassifyHttp(HttpStatus), $"HTTP_{HttpStatus}", $"The provider answered HTTP {HttpStatus}.", RetryAfter);
}

/// <summary>Why there is no answer.</summary>
internal enum UpstreamSilence
{
    /// <summary>There was no connection: nothing was sent.</summary>
    NotSent,

    /// <summary>The request went out, or part of it.</summary>
    MayHaveArrived,
}
