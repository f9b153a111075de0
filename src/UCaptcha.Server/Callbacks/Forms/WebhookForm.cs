using System.Globalization;
using System.Text.Json.Nodes;
using UCaptcha.Core.Notifications;

namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>
/// Standard Webhooks 1.0.0: a signed POST of <c>type</c>, <c>timestamp</c> and, in <c>data</c>, what getTaskResult answers. The id is the callback's and
/// the same at every try; several secrets sign side by side, so that one can follow another.
/// </summary>
internal sealed class WebhookForm(ResultBody bodies, IReadOnlyList<WebhookSecret> secrets) : ICallbackForm
{
    /// <summary>The least that the specification recommends.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public CallbackRequest Write(CallbackNews news)
    {
        var body = ResultBody.ToBytes(new JsonObject
        {
            ["type"] = news.IsReady ? "task.ready" : "task.failed",
            ["timestamp"] = news.Callback.EndedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["data"] = bodies.Write(news),
        });
        var id = news.Callback.Id.ToString();
        var request = CallbackRequest.Post(news.Callback.Url, "application/json", body) with { Timeout = Timeout };
        var headers = request.Message.Headers;
        headers.Add("webhook-id", id);
        headers.Add("webhook-timestamp", news.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        headers.Add("webhook-signature", string.Join(' ', secrets.Select(secret => secret.Sign(id, news.At, body))));
        return request;
    }
}
