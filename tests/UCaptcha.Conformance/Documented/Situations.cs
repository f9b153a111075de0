using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using UCaptcha.TestKit;

namespace UCaptcha.Conformance.Documented;

/// <summary>Brings a case about at a server, in a dialect, and returns what it answers.</summary>
internal sealed class Situations(HttpClient http, string dialect)
{
    private const string Key = VendorHostsServer.Key;
    private const string Page = "\"websiteURL\":\"https://www.example.com/\",\"websiteKey\":\"site-key\"";
    private const string Recaptcha = $$"""{"type":"RecaptchaV2TaskProxyless",{{Page}}}""";
    private const string Castle = $$$"""{"type":"CustomTask","class":"Castle",{{{Page}}}}""";

    private static readonly string Image = $$"""{"type":"ImageToTextTask","body":"{{Convert.ToBase64String(new byte[300])}}"}""";

    /// <summary>HTTP status, content type and body.</summary>
    public async Task<(int Status, MediaTypeHeaderValue? Type, JsonObject Body)> AskAsync(DocumentedExample example)
    {
        var (method, of) = example.Case.Split(", ", 2) is [var name, var rest] ? (name, rest) : (example.Case, "");
        return await PostAsync(method, await BodyAsync(method, of, example));
    }

    private async Task<string> BodyAsync(string method, string of, DocumentedExample example) => (method, of) switch
    {
        ("createTask", "accepted") => Create(Recaptcha),
        ("createTask", "answered at once") => Create(Image, "-atonce"),
        ("createTask", "key missing") => $$"""{"task":{{Recaptcha}}}""",
        ("createTask", "caller's address not allowed") => Create(Recaptcha, "-far"),
        ("createTask", "no JSON") => "{\"clientKey\":",
        ("createTask", "no task") => $$"""{"clientKey":"{{Key}}"}""",
        ("createTask", "no type") => Create("{}"),
        ("createTask", "type unknown") => Create("""{"type":"MysteryTask"}"""),
        ("createTask", "no websiteURL") => Create("""{"type":"TurnstileTask","websiteKey":"k"}"""),
        ("createTask", "no websiteKey") => Create("""{"type":"TurnstileTask","websiteURL":"https://www.example.com/"}"""),
        ("createTask", "proxy unreadable") => Create($$"""{"type":"RecaptchaV2Task",{{Page}},"proxy":"what"}"""),
        ("createTask", "proxy missing") => Create("""{"type":"CustomTask","class":"Imperva","websiteURL":"https://www.example.com/"}"""),
        ("createTask", "image too small") => Create("""{"type":"ImageToTextTask","body":"AAAA"}"""),
        ("createTask", "body too large") => Create($$"""{"type":"ImageToTextTask","body":"{{new string('A', 5_000_000)}}"}"""),
        ("createTask", "domain denied") => Create("""{"type":"TurnstileTask","websiteURL":"https://denied.example.com/","websiteKey":"k"}"""),
        ("createTask", "budget used up") => Create(Recaptcha, "-poor"),
        ("createTask", "no account serves it") => Create(Castle, "-atonce"),
        (_, "key unknown") => $$"""{"clientKey":"no-such-key","taskId":1,"task":{{Recaptcha}}}""",
        (_, "task unknown") => $$"""{"clientKey":"{{Key}}","taskId":2147483647}""",
        ("getTaskResult", "processing") => await AcceptedAsync(Recaptcha, "-slow"),
        ("getTaskResult", "unsolvable") => await EndedAsync(Recaptcha, "-bad"),
        ("getTaskResult", "ready") => await EndedAsync(SolvedAs(example), ""),
        ("feedbackTask", "") => (await EndedAsync(Recaptcha, "")).TrimEnd('}') + ",\"result\":{\"invalid\":true,\"message\":\"refused\"}}",
        ("getBalance" or "noSuchMethod", "") => $$"""{"clientKey":"{{Key}}"}""",
        ("test", "") => $$"""{"clientKey":"{{Key}}","foo":"bar","test":true}""",
        (_, "") when method.StartsWith("report", StringComparison.Ordinal) => await EndedAsync(Recaptcha, ""),
        _ => throw new ArgumentException($"Nobody knows how to bring about \"{example.Case}\"."),
    };

    /// <summary>The row's task, which asks the emulated account for the row's solution.</summary>
    private static string SolvedAs(DocumentedExample example)
    {
        var task = example.Task!.DeepClone().AsObject();
        task["emulatedSolution"] = example.Answer["solution"]!.DeepClone();
        return task.ToJsonString();
    }

    private static string Create(string task, string key = "") => $$"""{"clientKey":"{{Key}}{{key}}","task":{{task}}}""";

    /// <summary>The question for a task that was just taken.</summary>
    private async Task<string> AcceptedAsync(string task, string key)
    {
        var (_, _, created) = await PostAsync("createTask", Create(task, key));
        var id = created["taskId"] ?? throw new InvalidOperationException($"{task}: {created.ToJsonString()}");
        return new JsonObject { ["clientKey"] = Key + key, ["taskId"] = id.DeepClone() }.ToJsonString();
    }

    /// <summary>The question for a task that has come to its end.</summary>
    private async Task<string> EndedAsync(string task, string key)
    {
        var question = await AcceptedAsync(task, key);
        await Eventually.TrueAsync(async () => (string?)(await PostAsync("getTaskResult", question)).Body["status"] != "processing");
        return question;
    }

    private async Task<(int Status, MediaTypeHeaderValue? Type, JsonObject Body)> PostAsync(string method, string body)
    {
        using var response = await http.PostAsync($"/{dialect}/{method}", new StringContent(body));
        return ((int)response.StatusCode, response.Content.Headers.ContentType, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }
}
