using UCaptcha.Core.Keys;

namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>The form of each dialect, and the signed one for keys with a secret.</summary>
internal sealed class CallbackForms(ResultBody bodies)
{
    private static readonly HashSet<string> ShortIdDialects = new(StringComparer.Ordinal) { "capmonster", "anticaptcha", "twocaptcha" };

    private readonly QueryForm _native = new();
    private readonly Dictionary<string, ICallbackForm> _forms = new(StringComparer.Ordinal)
    {
        ["capmonster"] = new ResultForm(bodies, shortIds: true) { AcceptsSilence = true },
        ["anticaptcha"] = new ResultForm(bodies, shortIds: true),
        ["capsolver"] = new ResultForm(bodies, shortIds: false),
        ["twocaptcha"] = new PingbackForm(bodies),
    };

    /// <summary>The form of a callback: signed for a key with a secret, else the dialect's; the native one for a dialect without a form of its own.</summary>
    public ICallbackForm Find(string dialect, ApiKey key) => key.Settings.WebhookSecrets is { Count: > 0 } secrets
        ? new WebhookForm(bodies, ShortIdDialects.Contains(dialect), secrets)
        : _forms.GetValueOrDefault(dialect, _native);
}
