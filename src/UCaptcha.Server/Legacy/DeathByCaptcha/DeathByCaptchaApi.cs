using System.Text.Json.Nodes;
using UCaptcha.Core;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Services;

namespace UCaptcha.Server.Legacy.DeathByCaptcha;

/// <summary>DeathByCaptcha's HTTP API: upload, poll, report, user.</summary>
internal sealed class DeathByCaptchaApi(
    ParameterReader reader, DeathByCaptchaKey keys, LegacyTasks tasks, TaskEngine engine, BalanceDesk balances, DialectSelector dialects)
{
    private const int LongestIdShown = 64;

    /// <summary>Takes a captcha.</summary>
    public async Task<IResult> UploadAsync(HttpContext http)
    {
        RefusalsOf.OtherMethods(http, HttpMethods.Post);
        var sent = await reader.ReadAsync(http);
        var key = keys.Authenticate(http, sent);
        var (words, parameters) = DeathByCaptchaTypes.Read(sent);
        var task = await tasks.CreateAsync(http, key, key.Settings.Dialect ?? dialects.SelectUnread(http).Name, words, parameters);
        var body = DeathByCaptchaAnswer.Captcha(task);
        body.Insert(0, "status", 0);
        if (!IsOfTheVendor(http))
            return DeathByCaptchaAnswer.Write(http, body);
        http.Response.Headers.Location = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}/{task.Id}";
        return DeathByCaptchaAnswer.Write(http, body, StatusCodes.Status303SeeOther);
    }

    /// <summary>The vendor sends its clients to the captcha's own address, unless they ask for a body by its type.</summary>
    private static bool IsOfTheVendor(HttpContext http) =>
        http.Request.Path.Value!.TrimEnd('/').EndsWith("/captcha", StringComparison.OrdinalIgnoreCase)
        && (http.Request.Headers.Accept.ToString() is "" or "*/*");

    /// <summary>Shows a captcha. The long id is enough; with a key the short one will do.</summary>
    public async Task<IResult> PollAsync(HttpContext http, string id)
    {
        RefusalsOf.OtherMethods(http, HttpMethods.Get);
        var sent = ParameterReader.ReadQuery(http);
        try
        {
            return DeathByCaptchaAnswer.Write(http, DeathByCaptchaAnswer.Captcha(await FindAsync(http, sent, id)));
        }
        catch (RefusedException refusal) when (refusal.Code == ErrorCodes.WrongCaptchaId)
        {
            var shown = id.All(character => char.IsAsciiLetterOrDigit(character) || character == '-') && id.Length <= LongestIdShown ? id : "";
            return DeathByCaptchaAnswer.Write(http, DeathByCaptchaAnswer.Captcha(shown, correct: false, solved: false), StatusCodes.Status404NotFound);
        }
    }

    /// <summary>Takes the report of a wrong solution.</summary>
    public async Task<IResult> ReportAsync(HttpContext http, string id)
    {
        RefusalsOf.OtherMethods(http, HttpMethods.Post);
        var key = keys.Authenticate(http, await reader.ReadAsync(http));
        try
        {
            await engine.GiveFeedbackAsync(key, TaskReference.Parse(id), invalid: true, code: "", message: "report", http.RequestAborted);
        }
        catch (RefusedException refusal) when (refusal.Code == ErrorCodes.BadParameters)
        {
            throw new RefusedException(LegacyCodes.ReportNotRecorded, refusal.Message);
        }

        return DeathByCaptchaAnswer.Write(http, DeathByCaptchaAnswer.Captcha(id, correct: false, solved: true));
    }

    /// <summary>Shows what the key can still spend, in US dollars.</summary>
    public async Task<IResult> UserAsync(HttpContext http)
    {
        RefusalsOf.OtherMethods(http, HttpMethods.Get, HttpMethods.Post);
        var key = keys.Authenticate(http, await reader.ReadAsync(http));
        var balance = await balances.BalanceOfAsync(key, http.RequestAborted);
        return DeathByCaptchaAnswer.Write(http, new JsonObject { ["user"] = 0, ["rate"] = 0, ["balance"] = balance.ToDollars(), ["is_banned"] = false });
    }

    /// <summary>Answers what ended a call.</summary>
    public static IResult Refuse(HttpContext http, RefusedException refusal) =>
        DeathByCaptchaAnswer.Write(http, DeathByCaptchaAnswer.Refused(refusal), DeathByCaptchaErrors.Find(refusal.Code).Http);

    private async Task<TaskView> FindAsync(HttpContext http, Parameters sent, string id)
    {
        var reference = TaskReference.Parse(id);
        return DeathByCaptchaKey.IsIn(http, sent)
            ? await engine.Views.GetAsync(keys.Authenticate(http, sent), reference, http.RequestAborted)
            : await engine.Views.GetByLongIdAsync(reference.Id, http.RequestAborted);
    }
}
