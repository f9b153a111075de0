using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UCaptcha.KillTest.Driving;

/// <summary>Speaks JSON over HTTP/1.1; streams are JSON lines.</summary>
internal sealed class JsonClient(HttpClient http) : ICaptchaClient
{
    public async Task<string> CreateAsync(Submission submission, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["clientKey"] = submission.Key.Text,
            ["task"] = new JsonObject { ["type"] = Submission.TaskType, ["websiteURL"] = Submission.Page, ["websiteKey"] = submission.Marker },
        };
        if (submission.RequestId is not null)
            body["requestId"] = submission.RequestId;
        if (submission.CallbackUrl is not null)
            body["callbackUrl"] = submission.CallbackUrl;
        return (await PostAsync("/createTask", body, cancellationToken)).GetProperty("taskId").GetString()!;
    }

    public async Task<Seen> ResultAsync(string key, string taskId, CancellationToken cancellationToken) =>
        StateOf(await PostAsync("/getTaskResult", new JsonObject { ["clientKey"] = key, ["taskId"] = taskId }, cancellationToken));

    public async IAsyncEnumerable<Seen> WatchAsync(string key, string taskId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in StreamAsync("/watchTask", new JsonObject { ["clientKey"] = key, ["taskId"] = taskId }, cancellationToken))
            yield return StateOf(line);
    }

    public async IAsyncEnumerable<FeedEntry> FollowAsync(string key, string cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in StreamAsync("/watchTasks", new JsonObject { ["clientKey"] = key, ["cursor"] = cursor }, cancellationToken))
        {
            var id = line.TryGetProperty("taskId", out var taskId) ? taskId.GetString() : null;
            yield return new FeedEntry(line.GetProperty("cursor").GetString()!, id, id is null ? default : StateOf(line));
        }
    }

    public Task ReportBadAsync(string key, string taskId, CancellationToken cancellationToken) => PostAsync(
        "/feedbackTask",
        new JsonObject { ["clientKey"] = key, ["taskId"] = taskId, ["result"] = new JsonObject { ["invalid"] = true } },
        cancellationToken);

    /// <summary>Whether a server knows a key.</summary>
    public static async Task<bool> KnowsAsync(HttpClient http, string key)
    {
        using var answer = await http.PostAsJsonAsync("/getBalance", new JsonObject { ["clientKey"] = key });
        return answer.IsSuccessStatusCode;
    }

    /// <summary>The connection failed, or what came over it is not whole.</summary>
    public static bool IsCut(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or SocketException or JsonException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static Seen StateOf(JsonElement answer)
    {
        var status = answer.GetProperty("status").GetString()!;
        return new Seen(status, status switch
        {
            "ready" => answer.GetProperty("solution").GetProperty("gRecaptchaResponse").GetString()!,
            "failed" => answer.GetProperty("errorCode").GetString()!,
            _ => "",
        });
    }

    private async Task<JsonElement> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.PostAsJsonAsync(path, body, cancellationToken);
            return Check(await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception exception) when (IsCut(exception, cancellationToken))
        {
            throw new CutException(exception.Message);
        }
    }

    private async IAsyncEnumerable<JsonElement> StreamAsync(string path, JsonObject body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        using var response = await CuttableAsync(() => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await CuttableAsync(() => reader.ReadLineAsync(cancellationToken).AsTask(), cancellationToken) is { } line)
        {
            if (line.Length > 0)
                yield return Check(line);
        }
    }

    private static async Task<T> CuttableAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (IsCut(exception, cancellationToken))
        {
            throw new CutException(exception.Message);
        }
    }

    private static JsonElement Check(string text)
    {
        var answer = JsonElement.Parse(text);
        if (answer.GetProperty("errorId").GetInt32() == 0)
            return answer;
        var (code, description) = (answer.GetProperty("errorCode").GetString()!, answer.GetProperty("errorDescription").GetString()!);
        throw code == "ERROR_SERVICE_NOT_AVAILABLE" ? new CutException(description, refused: true) : new RefusalException(code, description);
    }
}
