using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace UCaptcha.ProviderEmulator;

/// <summary>Plays solving services over real HTTP, each account under a path of its own, and counts what it is sent.</summary>
public sealed class Emulator : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private readonly StreamWriter? _record;

    private Emulator(WebApplication app, EmulatorOptions options)
    {
        _app = app;
        _record = options.RecordFile is null ? null : new StreamWriter(options.RecordFile, append: true) { AutoFlush = true };
        foreach (var instance in options.Instances)
            _instances[instance.Name] = new Instance(instance);
    }

    /// <summary>Where it listens.</summary>
    public string Address => _app.Urls.First();

    /// <summary>Starts it; it answers when this returns.</summary>
    public static async Task<Emulator> StartAsync(EmulatorOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, options.Port));
        var app = builder.Build();
        var emulator = new Emulator(app, options);
        app.MapGet("/_control/instances/{name}", (string name) => emulator.Control(name, instance => Results.Text(instance.Report().ToJsonString(), "application/json")));
        app.MapPost("/_control/instances/{name}", emulator.ChangeAsync);
        app.MapPost("/{name}/{method}", emulator.ServeAsync);
        await app.StartAsync();
        return emulator;
    }

    /// <summary>Completes when the process is told to stop.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_record is not null)
            await _record.DisposeAsync();
    }

    private IResult Control(string name, Func<Instance, IResult> act) => _instances.TryGetValue(name, out var instance) ? act(instance) : Results.NotFound();

    /// <summary>Changes settings of an account by a JSON object of strings, or makes a new one when it names a vendor.</summary>
    private async Task<IResult> ChangeAsync(string name, HttpRequest request)
    {
        var change = (await JsonNode.ParseAsync(request.Body))!.AsObject();
        if (change["vendor"] is { } vendor)
            _instances[name] = new Instance(new InstanceSettings { Name = name, Vendor = vendor.GetValue<string>() });
        return Control(name, instance =>
        {
            instance.Settings = change.Where(member => member.Key != "vendor")
                .Aggregate(instance.Settings, (settings, member) => settings.With(member.Key, member.Value!.GetValue<string>()));
            return Results.Ok();
        });
    }

    private async Task ServeAsync(string name, string method, HttpContext http)
    {
        if (!_instances.TryGetValue(name, out var instance))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await Task.Delay(instance.Settings.CallLatency, http.RequestAborted);
        var mode = instance.Settings.Mode;
        if (mode == "dead")
        {
            http.Abort();
            return;
        }

        if (mode == "slow")
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
        if (int.TryParse(mode, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            http.Response.StatusCode = status;
            return;
        }

        if (mode == "garbled")
        {
            await http.Response.WriteAsync("<html>busy</html>");
            return;
        }

        var body = (await JsonNode.ParseAsync(http.Request.Body))!.AsObject();
        var refusal = mode switch
        {
            "badkey" => "ERROR_KEY_DOES_NOT_EXIST",
            "broke" when method == "createTask" => "ERROR_ZERO_BALANCE",
            _ when instance.Settings.Key is { } key && Vendor.Text(body, "clientKey") != key => "ERROR_KEY_DOES_NOT_EXIST",
            _ => null,
        };
        if (refusal is not null)
        {
            await FailAsync(http, instance, refusal);
            return;
        }

        await (method switch
        {
            "createTask" => CreateAsync(http, instance, body),
            "getTaskResult" => ResultAsync(http, instance, body),
            "getBalance" => BalanceAsync(http, instance),
            _ => AnswerAsync(http, new JsonObject { ["errorId"] = 0, ["status"] = "success" }),
        });
    }

    private async Task CreateAsync(HttpContext http, Instance instance, JsonObject body)
    {
        if (instance.RefusesNext())
        {
            await FailAsync(http, instance, "ERROR_NO_SLOT_AVAILABLE");
            return;
        }

        if (body["task"] is not JsonObject task)
        {
            await FailAsync(http, instance, "ERROR_TASK_ABSENT");
            return;
        }

        if (instance.Vendor.Refusal(task) is { } refusal)
        {
            await FailAsync(http, instance, refusal);
            return;
        }

        var taken = instance.Take((JsonObject)task.DeepClone());
        Record(instance, taken);
        if (instance.Cuts(taken))
        {
            http.Abort();
            return;
        }

        await Task.Delay(instance.Settings.AnswerDelay, http.RequestAborted);
        var answer = new JsonObject { ["errorId"] = 0, ["taskId"] = instance.Settings.Mode == "lying" ? new JsonArray() : IdNode(instance, taken) };
        if (instance.Settings.Vendor == "capsolver")
        {
            (answer["errorCode"], answer["errorDescription"], answer["status"]) = ("", "", "idle");
            if (Vendor.Text(task, "type") == "ImageToTextTask")
            {
                (answer["status"], answer["solution"]) = ("ready", Solutions.Of(instance, taken));
                instance.End(taken);
            }
        }

        await AnswerAsync(http, answer);
        taken.Acknowledged = true;
    }

    private static async Task ResultAsync(HttpContext http, Instance instance, JsonObject body)
    {
        var task = instance.Settings.Mode == "lost" ? null : instance.Find(body["taskId"]?.ToString() ?? "");
        instance.CountPoll(task);
        if (task is null || instance.Vendor.NumericIds != (body["taskId"]!.GetValueKind() == System.Text.Json.JsonValueKind.Number))
            await FailAsync(http, instance, "ERROR_NO_SUCH_CAPCHA_ID");
        else if (task.Polls > instance.Settings.MaxPolls)
            await FailAsync(http, instance, "ERROR_TOO_MUCH_REQUESTS");
        else if (!instance.IsDone(task))
            await AnswerAsync(http, new JsonObject { ["errorId"] = 0, ["status"] = "processing" });
        else
            await EndAsync(http, instance, task);
    }

    private static async Task EndAsync(HttpContext http, Instance instance, EmulatedTask task)
    {
        instance.End(task);
        if (instance.Fails(task))
        {
            await FailAsync(http, instance, "ERROR_CAPTCHA_UNSOLVABLE");
            return;
        }

        Interlocked.Increment(ref task.Delivered);
        await AnswerAsync(http, Ready(instance, task));
    }

    private static JsonObject Ready(Instance instance, EmulatedTask task)
    {
        var answer = new JsonObject { ["errorId"] = 0, ["status"] = "ready", ["solution"] = Solutions.Of(instance, task) };
        var cost = instance.Settings.Price / 1000;
        if (instance.Vendor.Cost != "none")
            answer["cost"] = instance.Vendor.Cost == "number" ? JsonValue.Create(cost) : cost.ToString("0.000000", CultureInfo.InvariantCulture);
        return answer;
    }

    private static Task BalanceAsync(HttpContext http, Instance instance)
    {
        instance.CountBalanceCall();
        return AnswerAsync(http, new JsonObject { ["errorId"] = 0, ["balance"] = instance.Settings.Mode == "broke" ? 0 : 345.678 });
    }

    private static Task FailAsync(HttpContext http, Instance instance, string code)
    {
        instance.CountError();
        if (instance.Vendor.HttpErrors)
            http.Response.StatusCode = code == "ERROR_KEY_DOES_NOT_EXIST" ? 401 : 400;
        return AnswerAsync(http, new JsonObject
        {
            ["errorId"] = instance.Vendor.ErrorId(code),
            ["errorCode"] = code,
            ["errorDescription"] = $"Emulated {code}",
        });
    }

    private static async Task AnswerAsync(HttpContext http, JsonObject answer)
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.ToJsonString());
        await http.Response.CompleteAsync();
    }

    private static JsonNode IdNode(Instance instance, EmulatedTask task) =>
        instance.Vendor.NumericIds ? long.Parse(task.Id, CultureInfo.InvariantCulture) : task.Id;

    private void Record(Instance instance, EmulatedTask task)
    {
        if (_record is null)
            return;
        lock (_record)
            _record.WriteLine(new JsonObject { ["instance"] = instance.Settings.Name, ["id"] = task.Id, ["body"] = task.Body.DeepClone() }.ToJsonString());
    }
}
