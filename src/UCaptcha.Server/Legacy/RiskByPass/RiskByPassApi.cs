using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Keys;
using UCaptcha.Server.Services;

namespace UCaptcha.Server.Legacy.RiskByPass;

/// <summary>RiskByPass's task API: submit, result, balance.</summary>
internal sealed class RiskByPassApi(
    ParameterReader reader, KeyAuthentication keys, LegacyTasks tasks, TaskEngine engine, BalanceDesk balances, DialectSelector dialects)
{
    private const int CreditsPerDollar = 1000;

    /// <summary>Takes a task.</summary>
    public async Task<IResult> SubmitAsync(HttpContext http)
    {
        RefusalsOf.OtherMethods(http, HttpMethods.Post);
        var parameters = await reader.ReadAsync(http);
        var key = Authenticate(http, parameters);
        var task = await tasks.CreateAsync(http, key, key.Settings.Dialect ?? dialects.SelectUnread(http).Name, RiskByPassTypes.Read(parameters), parameters);
        return RiskByPassAnswer.Ok("task_id", task.Id.ToString());
    }

    /// <summary>Shows a task. Clients in use ask without a key: then the long id is needed.</summary>
    public async Task<IResult> ResultAsync(HttpContext http, string id)
    {
        RefusalsOf.OtherMethods(http, HttpMethods.Get);
        var parameters = ParameterReader.ReadQuery(http);
        try
        {
            var task = KeyTextOf(http, parameters) is null
                ? await engine.Views.GetByLongIdAsync(TaskReference.Parse(id).Id, http.RequestAborted)
                : await engine.Views.GetAsync(Authenticate(http, parameters), TaskReference.Parse(id), http.RequestAborted);
            return RiskByPassAnswer.Result(task);
        }
        catch (RefusedException refusal) when (refusal.Code == ErrorCodes.WrongCaptchaId)
        {
            return RiskByPassAnswer.NotFound();
        }
    }

    /// <summary>Shows what the key can still spend, in whole credits.</summary>
    public async Task<IResult> BalanceAsync(HttpContext http)
    {
        RefusalsOf.OtherMethods(http, HttpMethods.Post);
        var key = Authenticate(http, await reader.ReadAsync(http));
        var balance = await balances.BalanceOfAsync(key, http.RequestAborted);
        return RiskByPassAnswer.Ok("balance", decimal.ToInt64(decimal.Floor(balance.ToDollars() * CreditsPerDollar)));
    }

    private ApiKey Authenticate(HttpContext http, Parameters parameters) => keys.Authenticate(KeyTextOf(http, parameters), http.Connection.RemoteIpAddress);

    private static string? KeyTextOf(HttpContext http, Parameters parameters) =>
        (string?)http.Request.Headers[KeyAuthentication.HeaderName] is { Length: > 0 } header ? header : parameters.Text("token");
}
