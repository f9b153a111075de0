namespace UCaptcha.Server.Callbacks;

/// <summary>A callback under way.</summary>
/// <param name="url">The whole URL; never to be logged.</param>
/// <param name="taskId">The task that ended.</param>
internal sealed class CallbackDelivery(Uri url, Guid taskId)
{
    /// <summary>The whole URL; never to be logged.</summary>
    public Uri Url => url;

    /// <summary>The task that ended.</summary>
    public Guid TaskId => taskId;

    /// <summary>The host and port it goes to.</summary>
    public string Receiver { get; } = $"{url.IdnHost}:{url.Port}";

    /// <summary>How often it was tried.</summary>
    public int Tries { get; set; }
}
