using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using UCaptcha.KillTest.Judging;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.KillTest.Driving;

/// <summary>Takes callbacks, looks at once whether the store knows the end that they tell of, and fails or hangs up now and then.</summary>
internal sealed class CallbackReceiver : IAsyncDisposable
{
    private const int FailPercent = 5;
    private const int HangUpPercent = 3;

    private readonly WebApplication _app;
    private readonly IStoreRoom _room;
    private readonly Journal _journal;
    private int _count;

    private CallbackReceiver(WebApplication app, IStoreRoom room, Journal journal) => (_app, _room, _journal) = (app, room, journal);

    /// <summary>The URL for callbacks, without the marker that goes behind it.</summary>
    public string Url => _app.Urls.First() + "/done";

    public static async Task<CallbackReceiver> StartAsync(IStoreRoom room, Journal journal)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new CallbackReceiver(app, room, journal);
        app.MapGet("/done/{marker}", receiver.TakeQuery);
        app.MapPost("/done/{marker}", receiver.TakeWebhookAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The native form. Its id is the task's.</summary>
    private void TakeQuery(string marker, HttpContext http)
    {
        var query = http.Request.Query;
        var id = query["captcha_id"].ToString();
        // Of a failure it tells no code, and no token long after the end.
        Take(http, marker, id, id, query["status"] == "1" ? new Seen("ready", query["code"].ToString()) : new Seen("failed", ""));
    }

    /// <summary>Standard Webhooks.</summary>
    private async Task TakeWebhookAsync(string marker, HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var data = body.RootElement.GetProperty("data");
        var status = data.GetProperty("status").GetString()!;
        var detail = status == "failed" ? data.GetProperty("errorCode").GetString()!
            : data.TryGetProperty("solution", out var solution) && solution.TryGetProperty("gRecaptchaResponse", out var token) ? token.GetString()! : "";
        Take(http, marker, data.GetProperty("taskId").GetString()!, http.Request.Headers["webhook-id"].ToString(), new Seen(status, detail));
    }

    private void Take(HttpContext http, string marker, string taskId, string id, Seen told)
    {
        var number = Interlocked.Increment(ref _count);
        var (fails, hangsUp) = (number * 37 % 100 < FailPercent, number * 53 % 100 < HangUpPercent);
        _journal.Deliveries.Enqueue(new Delivery(marker, taskId, id, told, StateOf(taskId), !fails && !hangsUp));
        if (hangsUp)
            http.Abort();
        else if (fails)
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    private long? StateOf(string taskId)
    {
        try
        {
            using var connection = _room.Connect();
            return StoreRecord.StateOf(connection, Guid.Parse(taskId));
        }
        catch (System.Data.Common.DbException)
        {
            return null;
        }
    }
}
