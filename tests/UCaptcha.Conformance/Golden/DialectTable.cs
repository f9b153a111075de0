using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using UCaptcha.TestKit;

namespace UCaptcha.Conformance.Golden;

/// <summary>Asks a server for every case of a dialect and writes down status and body, with ids, numbers, times and tokens masked.</summary>
internal sealed partial class DialectTable(HttpClient http, string dialect)
{
    private const string Page = "\"websiteURL\":\"https://www.example.com/\",\"websiteKey\":\"site-key\"";
    private const string Recaptcha = $$"""{"type":"RecaptchaV2TaskProxyless",{{Page}}}""";
    private const string Turnstile = $$"""{"type":"TurnstileTaskProxyless",{{Page}}}""";
    private const string Key = DialectServer.Key;

    private static readonly string Image = $$"""{"type":"ImageToTextTask","body":"{{Convert.ToBase64String(new byte[300])}}"}""";

    private readonly StringBuilder _table = new();

    /// <summary>The table: a line that names method and case, then one with status and body, then an empty one.</summary>
    public async Task<string> MakeAsync()
    {
        await CreateAsync();
        await ResultAsync();
        await OthersAsync();
        return _table.ToString();
    }

    private async Task CreateAsync()
    {
        await AddAsync("createTask, accepted", "createTask", Create(Recaptcha));
        await AddAsync("createTask, answered at once", "createTask", Create(Image, "atonce", $"{Key}-any"));
        await AddAsync("createTask, key unknown", "createTask", Create(Recaptcha, key: "no-such-key"));
        await AddAsync("createTask, key missing", "createTask", $$"""{"task":{{Recaptcha}}}""");
        await AddAsync("createTask, caller's address not allowed", "createTask", Create(Recaptcha, key: $"{Key}-far"));
        await AddAsync("createTask, no JSON", "createTask", "{\"clientKey\":");
        await AddAsync("createTask, wrong JSON type", "createTask", $$"""{"clientKey":"{{Key}}","task":[]}""");
        await AddAsync("createTask, no task", "createTask", $$"""{"clientKey":"{{Key}}"}""");
        await AddAsync("createTask, no type", "createTask", Create("{}"));
        await AddAsync("createTask, type unknown", "createTask", Create("""{"type":"MysteryTask"}"""));
        await AddAsync("createTask, no websiteURL", "createTask", Create("""{"type":"TurnstileTask","websiteKey":"k"}"""));
        await AddAsync("createTask, no websiteKey", "createTask", Create("""{"type":"TurnstileTask","websiteURL":"https://www.example.com/"}"""));
        await AddAsync("createTask, score out of range", "createTask", Create($$"""{"type":"RecaptchaV3TaskProxyless",{{Page}},"minScore":7}"""));
        await AddAsync("createTask, proxy unreadable", "createTask", Create($$"""{"type":"RecaptchaV2Task",{{Page}},"proxy":"what"}"""));
        await AddAsync("createTask, proxy missing", "createTask", Create("""{"type":"CustomTask","class":"Imperva","websiteURL":"https://www.example.com/"}"""));
        await AddAsync("createTask, image too small", "createTask", Create("""{"type":"ImageToTextTask","body":"AAAA"}"""));
        await AddAsync("createTask, body too large", "createTask", Create($$"""{"type":"ImageToTextTask","body":"{{new string('A', 5_000_000)}}"}"""));
        await AddAsync("createTask, domain denied", "createTask", Create("""{"type":"TurnstileTask","websiteURL":"https://denied.example.com/","websiteKey":"k"}"""));
        await AddAsync("createTask, budget used up", "createTask", Create(Recaptcha, key: $"{Key}-poor"));
        await AddAsync("createTask, no account serves it", "createTask", Create($$$"""{"type":"CustomTask","class":"Castle",{{{Page}}}}""", "atonce", $"{Key}-any"));
        await AddAsync("createTask, callbackUrl unusable", "createTask", $$"""{"clientKey":"{{Key}}","task":{{Recaptcha}},"callbackUrl":"ftp://a.test/"}""");
        await PostAsync("createTask", $$"""{"clientKey":"{{Key}}","task":{{Recaptcha}},"requestId":"{{dialect}}"}""");
        await AddAsync("createTask, request id of another request", "createTask", $$"""{"clientKey":"{{Key}}","task":{{Turnstile}},"requestId":"{{dialect}}"}""");
    }

    private async Task ResultAsync()
    {
        await AddAsync("getTaskResult, processing", "getTaskResult", Ask(await AcceptAsync(Recaptcha, "slow"), $"{Key}-any"));
        await AddAsync("getTaskResult, reCAPTCHA ready", "getTaskResult", await EndedAsync(Recaptcha, "quick"));
        await AddAsync("getTaskResult, Turnstile ready", "getTaskResult", await EndedAsync(Turnstile, "quick"));
        await AddAsync("getTaskResult, image ready", "getTaskResult", await EndedAsync(Image, "quick"));
        await AddAsync("getTaskResult, unsolvable", "getTaskResult", await EndedAsync(Recaptcha, "bad"));
        await AddAsync("getTaskResult, key unknown", "getTaskResult", Ask("1", "no-such-key"));
        await AddAsync("getTaskResult, task unknown", "getTaskResult", Ask("2147483647"));
        await AddAsync("getTaskResult, id of another form", "getTaskResult", Ask("\"no id\""));
        await AddAsync("getTaskResult, no taskId", "getTaskResult", $$"""{"clientKey":"{{Key}}"}""");
    }

    private async Task OthersAsync()
    {
        var ended = (await EndedAsync(Recaptcha, "quick")).TrimEnd('}');
        await AddAsync("getBalance", "getBalance", $$"""{"clientKey":"{{Key}}"}""");
        await AddAsync("getBalance, key unknown", "getBalance", """{"clientKey":"no-such-key"}""");
        await AddAsync("feedbackTask", "feedbackTask", ended + ""","appId":"a","result":{"invalid":true,"code":1001,"message":"refused"}}""");
        await AddAsync("feedbackTask, no result", "feedbackTask", ended + "}");
        foreach (var report in new[] { "reportIncorrectImageCaptcha", "reportIncorrectTokenCaptcha", "reportIncorrectRecaptcha", "reportIncorrectHcaptcha", "reportIncorrect", "reportCorrectRecaptcha", "reportCorrect" })
            await AddAsync(report, report, ended + "}");
        await AddAsync("reportIncorrect, task unknown", "reportIncorrect", Ask("2147483647"));
        await AddAsync("solveTask, ready", "solveTask", Create(Recaptcha));
        await AddAsync("getToken, ready", "getToken", Create(Recaptcha));
        await AddAsync("getToken, unsolvable", "getToken", Create(Recaptcha, "bad", $"{Key}-any"));
        await AddAsync("test", "test", $$"""{"clientKey":"{{Key}}","foo":"bar","test":true}""");
        await AddAsync("noSuchMethod", "noSuchMethod", "{}");
    }

    private static string Create(string task, string provider = "", string key = Key) =>
        $$"""{"clientKey":"{{key}}","task":{{task}},"provider":"{{provider}}","softId":54,"languagePool":"en"}""";

    private static string Ask(string taskId, string key = Key) => $$"""{"clientKey":"{{key}}","taskId":{{taskId}}}""";

    private async Task<string> AcceptAsync(string task, string provider) =>
        JsonDocument.Parse((await PostAsync("createTask", Create(task, provider, $"{Key}-any"))).Body).RootElement.GetProperty("taskId").GetRawText();

    /// <summary>The question for a task that has come to its end.</summary>
    private async Task<string> EndedAsync(string task, string provider)
    {
        var question = Ask(await AcceptAsync(task, provider), $"{Key}-any");
        await Eventually.TrueAsync(async () => !(await PostAsync("getTaskResult", question)).Body.Contains("\"processing\"", StringComparison.Ordinal));
        return question;
    }

    private async Task AddAsync(string name, string method, string body)
    {
        var (status, answer) = await PostAsync(method, body);
        _table.Append(name).Append('\n').Append(status).Append(' ').Append(Mask(answer)).Append("\n\n");
    }

    private async Task<(int Status, string Body)> PostAsync(string method, string body)
    {
        using var response = await http.PostAsync($"/{dialect}/{method}", new StringContent(body));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string Mask(string answer)
    {
        answer = Uuid().Replace(answer, "<uuid>");
        answer = ShortId().Replace(answer, "<number>");
        answer = Numbers().Replace(answer, "<number>");
        answer = Token().Replace(answer, "<token>");
        return Money().Replace(answer, match => Digit().Replace(match.Value, "0"));
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex("(?<=\"taskId\":)[1-9][0-9]*")]
    private static partial Regex ShortId();

    [GeneratedRegex("(?<=\"(createTime|endTime|solveTime|balance)\":)[0-9.]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("EMU-[a-z]+-[^\"|]+")]
    private static partial Regex Token();

    [GeneratedRegex("(?<=\"cost\":\"?)[0-9.]+")]
    private static partial Regex Money();

    [GeneratedRegex("[0-9]")]
    private static partial Regex Digit();
}
