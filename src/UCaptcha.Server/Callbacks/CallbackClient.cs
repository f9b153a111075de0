using System.Globalization;

namespace UCaptcha.Server.Callbacks;

/// <summary>Makes one GET: no redirects, proxy, cookies, trace headers or kept connections; of the answer only the status counts, its body is not read.</summary>
internal sealed class CallbackClient : IDisposable
{
    /// <summary>How long one try may take in all: 10 seconds, as documented.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <summary>Connects through <paramref name="connector"/> alone.</summary>
    public CallbackClient(CallbackConnector connector, TimeProvider time)
    {
        _time = time;
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            ConnectCallback = (context, cancellation) => connector.ConnectAsync(context.DnsEndPoint, cancellation),
            ConnectTimeout = Timeout,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.Zero,
            UseCookies = false,
            UseProxy = false,
        };
        _http = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.ConnectionClose = true;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("UCaptcha");
    }

    /// <summary>Tries once. Throws only when <paramref name="stop"/> is cancelled.</summary>
    public async Task<CallbackOutcome> SendAsync(Uri url, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
            return response.IsSuccessStatusCode
                ? CallbackOutcome.Done
                : CallbackOutcome.Failed("status " + ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return CallbackOutcome.Failed("no answer in time");
        }
        catch (Exception e) when (e.GetBaseException() is CallbackRefusedException refused)
        {
            return CallbackOutcome.Refused(refused.Message);
        }
        catch (HttpRequestException e)
        {
            return CallbackOutcome.Failed(e.HttpRequestError.ToString());
        }
        catch (Exception e)
        {
            // Whatever a receiver can provoke must not end a worker.
            return CallbackOutcome.Failed(e.GetType().Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
