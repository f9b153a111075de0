using UCaptcha.Core.Keys;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Dialects;

namespace UCaptcha.Server.Legacy.TwoCaptcha;

/// <summary>
/// How one call to in.php or res.php wants its answer. There are two styles: the documented one of the native dialect with long ids and real HTTP
/// statuses, and 2Captcha's own, in any other dialect, with numbers for ids, always 200, and its own words for errors.
/// </summary>
/// <param name="prefix">The dialect that the path names, or null.</param>
/// <param name="fallback">The dialect where neither path nor key names one: the host's, else the default.</param>
internal sealed class TwoCaptchaCall(string? prefix, string fallback)
{
    /// <summary>JSON instead of plain text.</summary>
    public bool Json { get; private set; }

    /// <summary>Scripts of any origin may read the answer.</summary>
    public bool AnyOrigin { get; private set; }

    /// <summary>The dialect; renders the task's callback.</summary>
    public string Dialect { get; private set; } = prefix ?? fallback;

    /// <summary>2Captcha's own style.</summary>
    public bool Vendor => Dialect != DialectNames.UCaptcha;

    /// <summary>Takes what the parameters say.</summary>
    public void Take(Parameters parameters) => (Json, AnyOrigin) = (parameters.IsOn("json"), parameters.IsOn("header_acao"));

    /// <summary>Takes what the key says.</summary>
    public void Take(ApiKey key) => Dialect = prefix ?? key.Settings.Dialect ?? fallback;

    /// <summary>The word for a code in this style.</summary>
    public string WordFor(string code)
    {
        var error = TwoCaptchaErrors.Find(code);
        return Vendor ? error.Vendor : error.Documented;
    }

    /// <summary>A task's id in this style.</summary>
    public string IdOf(TaskView task) => Vendor && task.ShortId != 0 ? task.ShortId.ToString(System.Globalization.CultureInfo.InvariantCulture) : task.Id.ToString();
}
