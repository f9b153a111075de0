using System.Globalization;
using System.Net;

namespace UCaptcha.Server.Callbacks;

/// <summary>
/// Makes one request: no redirects, proxy, cookies, trace headers or kept connections; of the answer only the status and Retry-After count, its body
/// is not read.
/// </summary>
internal sealed class CallbackClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

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
            ConnectTimeout = ConnectTimeout,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.Zero,
            UseCookies = false,
            UseProxy = false,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.ConnectionClose = true;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("UCaptcha");
    }

    /// <summary>Tries once. Throws only when <paramref name="stop"/> is cancelled.</summary>
    public async Task<CallbackOutcome> SendAsync(CallbackRequest request, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(request.Timeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            using var response = await _http.SendAsync(request.Message, HttpCompletionOption.ResponseHeadersRead, end.Token);
            return OutcomeOf(response);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return Silent(request, "no answer in time");
        }
        catch (Exception e) when (e.GetBaseException() is CallbackRefusedException refused)
        {
            // A name may lead somewhere else the next time.
            return CallbackOutcome.Silent(refused.Message);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            return Silent(request, "hung up without an answer");
        }
        catch (HttpRequestException e)
        {
            return CallbackOutcome.Silent(e.HttpRequestError.ToString());
        }
        catch (Exception e)
        {
            // Whatever a receiver can provoke must not end the sender.
            return CallbackOutcome.Silent(e.GetType().Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static CallbackOutcome Silent(CallbackRequest request, string reason) =>
        request is { SilenceAccepts: true, IsSent: true } ? CallbackOutcome.Delivered(reason) : CallbackOutcome.Silent(reason);

    private CallbackOutcome OutcomeOf(HttpResponseMessage response)
    {
        var reason = "status " + ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (response.IsSuccessStatusCode)
            return CallbackOutcome.Delivered(reason);
        return response.StatusCode == HttpStatusCode.Gone
            ? CallbackOutcome.Hopeless(reason) with { Answered = true }
            : CallbackOutcome.Refused(reason, response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _time.GetUtcNow() : null);
    }
}
