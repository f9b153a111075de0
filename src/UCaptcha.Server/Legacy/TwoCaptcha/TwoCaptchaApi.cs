using System.Globalization;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Keys;
using UCaptcha.Server.Services;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Server.Legacy.TwoCaptcha;

/// <summary>2Captcha's first API: in.php takes tasks, res.php gives results, balance and reports.</summary>
internal sealed class TwoCaptchaApi(
    ParameterReader reader, KeyAuthentication keys, LegacyTasks tasks, TaskEngine engine, BalanceDesk balances, DialectSelector dialects)
{
    private const int MaxIds = 100;

    /// <summary>Answers in.php.</summary>
    /// <param name="http">The call.</param>
    /// <param name="prefix">The dialect that the path names, or null.</param>
    public async Task<IResult> InAsync(HttpContext http, string? prefix)
    {
        var (call, parameters, key) = await BeginAsync(http, prefix);
        var task = await tasks.CreateAsync(http, key, call.Dialect, TwoCaptchaMethods.Find(parameters), parameters, parameters.Text("pingback"));
        return TwoCaptchaAnswer.Ok(call.IdOf(task)).For(call, http);
    }

    /// <summary>Answers res.php.</summary>
    /// <param name="http">The call.</param>
    /// <param name="prefix">The dialect that the path names, or null.</param>
    public async Task<IResult> ResAsync(HttpContext http, string? prefix)
    {
        var (call, parameters, key) = await BeginAsync(http, prefix);
        var answer = parameters.Text("action") switch
        {
            "get" when parameters.Text("ids") is { } ids => await GetManyAsync(call, key, ids, http.RequestAborted),
            "get" => Show(call, await engine.Views.GetAsync(key, IdOf(parameters), http.RequestAborted)),
            "get2" => ShowWithPrice(call, await engine.Views.GetAsync(key, IdOf(parameters), http.RequestAborted)),
            "getbalance" => TwoCaptchaAnswer.Word(FourDecimals((await balances.BalanceOfAsync(key, http.RequestAborted)).ToDollars())),
            "reportbad" => await ReportAsync(key, IdOf(parameters), invalid: true, http.RequestAborted),
            "reportgood" => await ReportAsync(key, IdOf(parameters), invalid: false, http.RequestAborted),
            null => throw new RefusedException(LegacyCodes.ActionMissing, "action is missing.", "action"),
            _ => throw new RefusedException(ErrorCodes.BadParameters, "action must be get, get2, getbalance, reportbad or reportgood.", "action"),
        };
        return answer.For(call, http);
    }

    /// <summary>Answers what ended a call.</summary>
    public IResult Refuse(HttpContext http, RefusedException refusal)
    {
        var call = http.Features.Get<TwoCaptchaCall>() ?? Begin(http, prefix: null);
        var answer = TwoCaptchaAnswer.Word(call.WordFor(refusal.Code), status: 0) with
        {
            Http = TwoCaptchaErrors.Find(refusal.Code).Http,
            More = [("error_text", refusal.Message.Replace("taskId", "id", StringComparison.Ordinal))],
        };
        return answer.For(call, http);
    }

    private TwoCaptchaCall Begin(HttpContext http, string? prefix)
    {
        var call = new TwoCaptchaCall(prefix, dialects.SelectUnread(http).Name);
        http.Features.Set(call);
        call.Take(ParameterReader.ReadQuery(http));
        return call;
    }

    private async Task<(TwoCaptchaCall Call, Parameters Parameters, ApiKey Key)> BeginAsync(HttpContext http, string? prefix)
    {
        var call = Begin(http, prefix);
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, POST";
            throw new RefusedException(LegacyCodes.MethodNotAllowed, "The method must be GET or POST.");
        }

        var parameters = await reader.ReadAsync(http);
        call.Take(parameters);
        var text = parameters.Text("key") ?? http.Request.Headers[KeyAuthentication.HeaderName];
        if (text is null || !ApiKeyText.IsValid(text))
            throw new RefusedException(LegacyCodes.KeyFormat, "key is missing, or no key looks like this.", "key");
        var key = keys.Authenticate(text, http.Connection.RemoteIpAddress);
        call.Take(key);
        return (call, parameters, key);
    }

    private async Task<TwoCaptchaAnswer> GetManyAsync(TwoCaptchaCall call, ApiKey key, string ids, CancellationToken cancellationToken)
    {
        var each = ids.Split(',');
        if (each.Length > MaxIds)
            throw new RefusedException(ErrorCodes.BadParameters, $"ids must have at most {MaxIds} entries.", "ids");
        var answers = new List<string>(each.Length);
        foreach (var id in each)
            answers.Add(await GetOneAsync(call, key, id, cancellationToken));
        return TwoCaptchaAnswer.Word(string.Join('|', answers));
    }

    /// <summary>One of many, without OK in front; an id that names nothing does not spoil the others.</summary>
    private async Task<string> GetOneAsync(TwoCaptchaCall call, ApiKey key, string id, CancellationToken cancellationToken)
    {
        try
        {
            return Show(call, await engine.Views.GetAsync(key, TaskReference.Parse(id.Trim()), cancellationToken)).Text;
        }
        catch (RefusedException refusal) when (refusal.Code is ErrorCodes.WrongCaptchaId or ErrorCodes.BadParameters)
        {
            return call.WordFor(ErrorCodes.WrongCaptchaId);
        }
    }

    private async Task<TwoCaptchaAnswer> ReportAsync(ApiKey key, TaskReference id, bool invalid, CancellationToken cancellationToken)
    {
        try
        {
            await engine.GiveFeedbackAsync(key, id, invalid, code: "", message: invalid ? "reportbad" : "reportgood", cancellationToken);
            return TwoCaptchaAnswer.Word("OK_REPORT_RECORDED");
        }
        catch (RefusedException refusal) when (refusal.Code == ErrorCodes.BadParameters)
        {
            throw new RefusedException(LegacyCodes.ReportNotRecorded, "id names a task without a solution to judge.", "id");
        }
    }

    private static TwoCaptchaAnswer Show(TwoCaptchaCall call, TaskView task) => task.Status switch
    {
        TaskStatus.Ready => TwoCaptchaSolution.Of(task.Solution),
        // A failed task is no refused call: its word comes with 200.
        TaskStatus.Failed => TwoCaptchaAnswer.Word(call.WordFor(task.ErrorCode ?? ErrorCodes.CaptchaUnsolvable), status: 0),
        _ => TwoCaptchaAnswer.Word("CAPCHA_NOT_READY", status: 0),
    };

    private static TwoCaptchaAnswer ShowWithPrice(TwoCaptchaCall call, TaskView task)
    {
        var answer = Show(call, task);
        return task.Status == TaskStatus.Ready
            ? answer with { Plain = $"{answer.Plain}|{task.Cost}", More = [.. answer.More, ("price", task.Cost.ToString())] }
            : answer;
    }

    private static TaskReference IdOf(Parameters parameters)
    {
        if (parameters.Text("id") is not { } text)
            throw new RefusedException(ErrorCodes.BadParameters, "id is missing.", "id");
        try
        {
            return TaskReference.Parse(text);
        }
        catch (RefusedException)
        {
            throw new RefusedException(LegacyCodes.IdFormat, "id is neither a number nor a UUID.", "id");
        }
    }

    /// <summary>Never rounded up: there is no more than there is.</summary>
    private static string FourDecimals(decimal dollars) => (decimal.Floor(dollars * 10_000) / 10_000).ToString("F4", CultureInfo.InvariantCulture);
}
