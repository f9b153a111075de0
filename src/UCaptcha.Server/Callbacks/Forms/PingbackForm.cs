using System.Text;
using UCaptcha.Server.Legacy.TwoCaptcha;

namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>2Captcha's form: a POST of <c>id</c> and <c>code</c>, which is the solution as res.php shows it or the error's code.</summary>
internal sealed class PingbackForm(ResultBody bodies) : ICallbackForm
{
    public CallbackRequest Write(CallbackNews news)
    {
        var body = $"id={bodies.IdOf(news)}" + (CodeOf(news) is { } code ? "&code=" + Uri.EscapeDataString(code) : "");
        return CallbackRequest.Post(news.Callback.Url, "application/x-www-form-urlencoded", Encoding.ASCII.GetBytes(body));
    }

    private string? CodeOf(CallbackNews news)
    {
        if (news.IsThin)
            return null;
        return news.IsReady ? TwoCaptchaSolution.Of(news.View.Solution).Text : (string?)bodies.Write(news)["errorCode"];
    }
}
