using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers.Profiles;

namespace UCaptcha.Providers.Protocol;

/// <summary>An account at a service of the createTask family: the one protocol, driven by the service's profile.</summary>
internal sealed class CreateTaskAccount : IProviderAccount
{
    private readonly ProviderProfile _profile;
    private readonly UpstreamHttp _http;
    private readonly string _apiKey;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, Usd> _prices;

    public CreateTaskAccount(ProviderProfile profile, ProviderAccountSettings settings, UpstreamHttp http, TimeProvider clock)
    {
        (_profile, _http, _apiKey, _clock) = (profile, http, settings.ApiKey, clock);
        Slug = settings.Slug;
        PollPlan = new PollPlan(
            settings.FirstPollMs is { } first ? TimeSpan.FromMilliseconds(first) : profile.FirstPoll,
            settings.PollIntervalMs is { } interval ? TimeSpan.FromMilliseconds(interval) : profile.PollInterval,
            profile.MaxPolls);
        MaxConcurrent = settings.MaxConcurrent ?? profile.MaxConcurrent;
        _prices = profile.Families.Where(family => family.Value.Price is not null)
            .ToDictionary(family => family.Key, family => Usd.PerThousand(family.Value.Price!.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (family, price) in settings.Prices)
            _prices[family] = Usd.PerThousand(price);
    }

    public string Slug { get; }

    public string Kind => _profile.Kind;

    public PollPlan PollPlan { get; }

    public int MaxConcurrent { get; }

    public bool Serves(TaskRequest request)
    {
        if (_profile.PassesThrough)
            return true;
        if (!_profile.Families.TryGetValue(request.Family.Name, out var mapping) || (request.Proxy is not null && mapping.ProxiedType is null))
            return false;
        if (mapping.Needs.Any(need => need.Split('|').All(field => request[field] is null)))
            return false;
        // Three bytes in four characters; padding makes the estimate at most two bytes too large.
        return request.Text("body") is not { } image || request.Family.Name != "ImageToText" || image.Length / 4L * 3 <= _profile.MaxImageBytes + 2L;
    }

    public bool AnswersAtOnce(CaptchaFamily family) => _profile.Families.TryGetValue(family.Name, out var mapping) && mapping.AnswersAtOnce;

    public Usd? ListPrice(CaptchaFamily family) => _prices.TryGetValue(family.Name, out var price) ? price : null;

    public async Task<SubmitOutcome> SubmitAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        var body = Envelope();
        body["task"] = TaskTranslator.Translate(_profile, request);
        var answer = await PostAsync("/createTask", body, cancellationToken).ConfigureAwait(false);
        if (answer.Json is not { } json)
            return Unread(answer);
        if (AnswerReading.IsError(json) || AnswerReading.Text(json, "status") == "failed")
            return new SubmitOutcome.Refused(AnswerReading.Error(answer, json, request.Proxy is not null));
        var id = AnswerReading.TaskId(json);
        if (AnswerReading.Text(json, "status") == "ready" && AnswerReading.Solution(json, request) is { } solution)
            return new SubmitOutcome.Solved(id ?? "", solution);
        return id is null ? Unread(answer) : new SubmitOutcome.Accepted(id);
    }

    public async Task<PollOutcome> PollAsync(TaskRequest request, string upstreamId, CancellationToken cancellationToken)
    {
        var body = Envelope();
        body["taskId"] = IdNode(upstreamId);
        var answer = await PostAsync("/getTaskResult", body, cancellationToken).ConfigureAwait(false);
        if (answer.Json is not { } json)
            return Inconclusive(answer.Explain());
        if (AnswerReading.IsError(json) || AnswerReading.Text(json, "status") == "failed")
            return Failed(AnswerReading.Error(answer, json, request.Proxy is not null));
        return AnswerReading.Text(json, "status") switch
        {
            "ready" => AnswerReading.Solution(json, request) is { } solution ? new PollOutcome.Solved(solution) : Inconclusive(answer.Explain()),
            "processing" or "idle" => PollOutcome.Pending.Instance,
            _ => Inconclusive(answer.Explain()),
        };
    }

    public async Task<BalanceOutcome> GetBalanceAsync(CancellationToken cancellationToken)
    {
        var answer = await PostAsync("/getBalance", Envelope(), cancellationToken).ConfigureAwait(false);
        if (answer.Json is not { } json)
            return new BalanceOutcome(null, answer.Explain());
        if (AnswerReading.IsError(json))
            return new BalanceOutcome(null, AnswerReading.Error(answer, json, proxied: false));
        return AnswerReading.Money(json, "balance") is { } balance ? new BalanceOutcome(balance, null) : new BalanceOutcome(null, answer.Explain());
    }

    public async Task ReportAsync(TaskRequest request, string upstreamId, bool invalid, CancellationToken cancellationToken)
    {
        var reports = _profile.Reports;
        var image = request.Family.Name == "ImageToText";
        var path = reports.Feedback ? "/feedbackTask" : !invalid ? image ? null : reports.Good : image ? reports.BadImage : reports.BadToken;
        if (path is null)
            return;
        var body = Envelope();
        body["taskId"] = IdNode(upstreamId);
        if (reports.Feedback)
            body["result"] = new JsonObject { ["invalid"] = invalid };
        await PostAsync(path, body, cancellationToken).ConfigureAwait(false);
    }

    private static SubmitOutcome Unread(UpstreamAnswer answer) =>
        MayHaveArrived(answer) ? new SubmitOutcome.Unknown(answer.Explain()) : new SubmitOutcome.Refused(answer.Explain());

    private static bool MayHaveArrived(UpstreamAnswer answer) => answer.Silent switch
    {
        UpstreamSilence.NotSent => false,
        UpstreamSilence.MayHaveArrived => true,
        // An unreadable success may be one. A service that fails, or a gateway before it, does not know what became of the request, but for
        // those that say that it was not taken: not known, no service now, and of Cloudflare's that there is no way to the service.
        _ => answer.HttpStatus is (>= 200 and < 300) or (>= 500 and not (501 or 503 or 521 or 522 or 523 or 525 or 526)),
    };

    private static PollOutcome Failed(ProviderError error) => error.Code.ToUpperInvariant() switch
    {
        "CAPTCHA_NOT_READY" or "CAPCHA_NOT_READY" => PollOutcome.Pending.Instance,
        _ => error.Class == ErrorClass.Busy ? Inconclusive(error) : new PollOutcome.Failed(error),
    };

    private static PollOutcome Inconclusive(ProviderError error) => new PollOutcome.Inconclusive(error);

    private JsonObject Envelope() => new() { ["clientKey"] = _apiKey };

    private JsonNode IdNode(string upstreamId) =>
        _profile.NumericIds && long.TryParse(upstreamId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : upstreamId;

    private async Task<UpstreamAnswer> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        var begun = _clock.GetTimestamp();
        var answer = await _http.PostAsync(path, JsonSerializer.SerializeToUtf8Bytes(body, JsonNodes.Default.JsonObject), cancellationToken).ConfigureAwait(false);
        UpstreamMeter.Answered(Slug, path, answer, _clock.GetElapsedTime(begun));
        return answer;
    }
}
