namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>The native form: a GET with <c>captcha_id</c>, <c>status</c> and <c>code</c> in the query.</summary>
internal sealed class QueryForm : ICallbackForm
{
    public CallbackRequest Write(CallbackNews news) => CallbackRequest.Get(
        CallbackQuery.Append(
            news.Callback.Url, news.View.Id, news.IsReady, news is { IsReady: true, IsThin: false } ? SolutionCode.Of(news.View.Solution.Span) : null)
        ?? throw new UriFormatException("The callback's URL is none."));
}
