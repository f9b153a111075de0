namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>How a callback looks to its receiver.</summary>
internal interface ICallbackForm
{
    /// <summary>Writes the request of one try.</summary>
    /// <exception cref="UriFormatException">The URL is none.</exception>
    CallbackRequest Write(CallbackNews news);
}
