using UCaptcha.Server.Hosting;

namespace UCaptcha.Server.Stores;

/// <summary>What <c>/healthz</c> says: 200 and <c>ok</c>, or 503 and the reason in a word or two.</summary>
internal static class Healthz
{
    public static async Task<IResult> AnswerAsync(Drain drain, StoreWatch store, CancellationToken cancellationToken)
    {
        if (drain.Begun)
            return Results.Text("stopping", statusCode: StatusCodes.Status503ServiceUnavailable);
        return await store.LookAsync(cancellationToken)
            ? Results.Text("ok")
            : Results.Text("store unavailable", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
