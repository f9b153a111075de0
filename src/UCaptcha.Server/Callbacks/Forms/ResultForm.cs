namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>A POST of what getTaskResult answers.</summary>
internal sealed class ResultForm(ResultBody bodies) : ICallbackForm
{
    /// <summary>CapMonster Cloud waits so long for the receiver to accept, and does not look at its answer.</summary>
    private static readonly TimeSpan AcceptTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A receiver that has the request and says nothing within 2 s has taken it.</summary>
    public bool AcceptsSilence { get; init; }

    public CallbackRequest Write(CallbackNews news)
    {
        var request = CallbackRequest.Post(news.Callback.Url, "application/json", ResultBody.ToBytes(bodies.Write(news)));
        return AcceptsSilence ? request with { Timeout = AcceptTimeout, SilenceAccepts = true } : request;
    }
}
