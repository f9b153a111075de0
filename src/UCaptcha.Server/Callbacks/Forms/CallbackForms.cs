using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Server.Dialects;

namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>The form of each dialect, and the signed one for keys with a secret.</summary>
internal sealed class CallbackForms(ResultBody bodies)
{
    private readonly QueryForm _native = new();
    private readonly Dictionary<string, ICallbackForm> _forms = new(StringComparer.Ordinal)
    {
        [DialectNames.CapMonster] = new ResultForm(bodies) { AcceptsSilence = true },
        [DialectNames.AntiCaptcha] = new ResultForm(bodies),
        [DialectNames.CapSolver] = new ResultForm(bodies),
        [DialectNames.TwoCaptcha] = new PingbackForm(bodies),
    };

    /// <summary>The form of a callback: signed for a key with a secret, else the dialect's; the native one for a dialect without a form of its own.</summary>
    public ICallbackForm Find(string dialect, ApiKey key, DateTimeOffset at)
    {
        WebhookSecret[] secrets = [.. key.Settings.WebhookSecrets.Where(secret => secret.SignsAt(at))];
        return secrets.Length > 0 ? new WebhookForm(bodies, secrets) : _forms.GetValueOrDefault(dialect, _native);
    }
}
