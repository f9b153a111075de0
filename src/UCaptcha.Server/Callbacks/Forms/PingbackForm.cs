using System.Text;

namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>2Captcha's form: a POST of <c>id</c> and <c>code</c>, which is the solution's one string or the error's code.</summary>
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
        return news.IsReady ? SolutionCode.Of(news.View.Solution.Span) : (string?)bodies.Write(news)["errorCode"];
    }
}
