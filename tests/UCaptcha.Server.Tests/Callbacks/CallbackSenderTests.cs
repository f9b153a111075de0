using System.Net;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Callbacks;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class CallbackSenderTests
{
    [Fact]
    public async Task Send_Solved_IsOneGetWithTheCode()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();

        var task = await fixture.EndAsync(receiver.Url, """{"token":"03AG&x"}""");
        await fixture.IdleAsync();

        var request = Assert.Single(receiver.Requests);
        Assert.StartsWith($"GET /hook?user=1&captcha_id={task.Id}&status=1&code=03AG%26x HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: 127.0.0.1:{receiver.Port}\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
        var callback = await fixture.CallbackOfAsync(task);
        Assert.Equal((CallbackState.Delivered, "status 200"), (callback.State, callback.LastOutcome));
    }

    [Fact]
    public async Task Send_Failed_IsStatusZeroAlone()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("204 No Content"));
        await using var fixture = await SenderFixture.StartAsync();

        var task = await fixture.EndAsync(receiver.Url, solution: null);
        await fixture.IdleAsync();

        Assert.StartsWith($"GET /hook?user=1&captcha_id={task.Id}&status=0 HTTP/1.1\r\n", Assert.Single(receiver.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_FailingReceiver_FollowsTheScheduleAndIsGivenUp()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("500 Oops"));
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url, """{"token":"canary"}""");

        var waits = new List<TimeSpan>();
        while (waits.Count < CallbackSchedule.Waits.Count)
            waits.Add(await fixture.RetryAsync(task, waits.Count + 1));
        await fixture.IdleAsync();

        Assert.Equal(CallbackSchedule.Waits, waits);
        var codes = receiver.Requests.Select(request => request.Contains("code=canary", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, 13).Select(number => number <= 7), codes);
        Assert.All(receiver.Requests, request => Assert.Contains($"captcha_id={task.Id}&status=1", request, StringComparison.Ordinal));
        Assert.Equal(CallbackState.GivenUp, (await fixture.CallbackOfAsync(task)).State);
        Assert.Contains(fixture.Log.Lines, line => line == $"Warning: Callback of task {task.Id} to 127.0.0.1:{receiver.Port} given up after 13 tries: status 500 ");
        Assert.DoesNotContain(fixture.Log.Lines, line => line.Contains("canary", StringComparison.Ordinal) || line.Contains("hook", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("302 Found\r\nLocation: /elsewhere")]
    [InlineData("307 Temporary Redirect\r\nLocation: http://169.254.169.254/")]
    [InlineData("404 Not Found")]
    [InlineData("garbage")]
    public async Task Send_NoSuccess_IsTriedAgainAtTheSameUrl(string first)
    {
        await using var receiver = new Receiver(number => Receiver.Status(number == 1 ? first : "200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url);

        Assert.Equal(TimeSpan.FromSeconds(2), await fixture.RetryAsync(task, 1));
        await fixture.IdleAsync();

        Assert.Equal(2, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Distinct());
        Assert.DoesNotContain(receiver.Requests, request => request.Contains("Cookie", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("503 Busy\r\nRetry-After: 30", 30)]
    [InlineData("429 Slow down\r\nRetry-After: 1", 2)]
    [InlineData("429 Slow down\r\nRetry-After: 999999", 25_200)]
    [InlineData("503 Busy\r\nRetry-After: soon", 2)]
    public async Task Send_RetryAfter_LengthensTheWait(string answer, int seconds)
    {
        await using var receiver = new Receiver(number => Receiver.Status(number == 1 ? answer : "200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url);

        Assert.Equal(TimeSpan.FromSeconds(seconds), await fixture.RetryAsync(task, 1));
        await fixture.IdleAsync();
    }

    [Fact]
    public async Task Send_Gone_IsGivenUpAtOnce()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("410 Gone"));
        await using var fixture = await SenderFixture.StartAsync();

        var task = await fixture.EndAsync(receiver.Url);
        await fixture.IdleAsync();

        Assert.Single(receiver.Requests);
        Assert.Equal(CallbackState.GivenUp, (await fixture.CallbackOfAsync(task)).State);
    }

    [Fact]
    public async Task Send_ReceiverSilent_FailsAfterTenSecondsAndIsTriedAgain()
    {
        await using var receiver = new Receiver(number => number == 1 ? null : Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url);
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "the first request");

        fixture.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Null((await fixture.CallbackOfAsync(task)).LastOutcome);
        fixture.Time.Advance(TimeSpan.FromSeconds(0.1));
        await fixture.RetryAsync(task, 1);
        await fixture.IdleAsync();

        Assert.Equal(2, receiver.Requests.Count);
        Assert.Equal(
            "no answer in time", (await fixture.Store.ListCallbackTriesAsync((await fixture.CallbackOfAsync(task)).Id, default))[0].Outcome);
    }

    [Theory]
    [InlineData("ucaptcha", "GET /hook")]
    [InlineData("twocaptcha", "POST /hook")]
    public async Task Send_ReceiverHangsUpWithoutAnAnswer_IsOneRequestATry(string dialect, string request)
    {
        await using var receiver = new Receiver(_ => null) { HangsUp = _ => true };
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url, dialect: dialect);

        Assert.Equal("hung up without an answer", (await fixture.TriedAsync(task, 1)).LastOutcome);
        Assert.StartsWith(request, Assert.Single(receiver.Requests), StringComparison.Ordinal);
        await fixture.RetryAsync(task, 1);
        await fixture.TriedAsync(task, 2);
        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task Send_EndlessBody_IsDoneWithTheHeaders()
    {
        await using var receiver = new Receiver(_ => "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\nSet-Cookie: a=b\r\n\r\nabc");
        await using var fixture = await SenderFixture.StartAsync();

        await fixture.EndAsync(receiver.Url);
        await fixture.IdleAsync();

        Assert.Contains("delivered", Assert.Single(fixture.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_EndlessHeaders_Fails()
    {
        await using var receiver = new Receiver(number => number == 1 ? $"HTTP/1.1 200 OK\r\nA: {new string('a', 40_000)}\r\n\r\n" : Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url);

        await fixture.RetryAsync(task, 1);
        await fixture.IdleAsync();

        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task Send_HeadersInDrops_AreWaitedForTenSecondsInAllAndNoLonger()
    {
        await using var receiver = new Receiver(number => number == 1 ? "HTTP/1.1 200 OK\r\nA: " : Receiver.Status("200 OK")) { Drips = true };
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url);
        await Eventually.TrueAsync(() => receiver.Drops > 20, "drops of a header");

        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await fixture.RetryAsync(task, 1);
        await fixture.IdleAsync();

        var tries = await fixture.Store.ListCallbackTriesAsync((await fixture.CallbackOfAsync(task)).Id, default);
        Assert.Equal(["no answer in time", "status 200"], tries.Select(ended => ended.Outcome));
    }

    [Fact]
    public async Task Send_BodyInDrops_IsDoneWithTheHeaders()
    {
        await using var receiver = new Receiver(_ => "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n") { Drips = true };
        await using var fixture = await SenderFixture.StartAsync();

        await fixture.EndAsync(receiver.Url);
        await fixture.IdleAsync();

        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Send_NobodyListens_IsTriedUntilSomebodyDoes()
    {
        int port;
        await using (var gone = new Receiver(_ => null))
            port = gone.Port;
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync($"http://127.0.0.1:{port}/");
        await fixture.RetryAsync(task, 1);
        await fixture.TriedAsync(task, 2);

        await using var back = new Receiver(_ => Receiver.Status("200 OK"), port);
        await fixture.RetryAsync(task, 2);
        await fixture.IdleAsync();

        Assert.Single(back.Requests);
        Assert.Equal(
            ["ConnectionError", "ConnectionError", "status 200"],
            (await fixture.Store.ListCallbackTriesAsync((await fixture.CallbackOfAsync(task)).Id, default)).Select(ended => ended.Outcome));
    }

    [Fact]
    public async Task Send_NameIsRebound_IsNeverConnectedAndTriedAgain()
    {
        // The name was public when createTask looked. Then it has no address, a private one, and a private one beside a public one.
        await using var inside = new Receiver(_ => Receiver.Status("200 OK"));
        var answers = new Queue<IPAddress[]>([[], [IPAddress.Loopback], [IPAddress.Parse("93.184.215.14"), IPAddress.Loopback]]);
        await using var fixture = await SenderFixture.StartAsync(allowPrivateNetworks: false, (_, _) => Task.FromResult(answers.Dequeue()));

        var task = await fixture.EndAsync("http://hook.example:8080/");
        await fixture.RetryAsync(task, 1);
        await fixture.RetryAsync(task, 2);
        var callback = await fixture.TriedAsync(task, 3);

        const string Refused = "The host has an address that is not public.";
        Assert.Equal(
            ["NameResolutionError", Refused, Refused], (await fixture.Store.ListCallbackTriesAsync(callback.Id, default)).Select(ended => ended.Outcome));
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task Send_SilentReceiver_DoesNotHoldUpOthers()
    {
        await using var silent = new Receiver(_ => null);
        await using var healthy = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        for (var i = 0; i < 100; i++)
            await fixture.EndAsync(silent.Url);

        for (var i = 0; i < 50; i++)
            await fixture.EndAsync(healthy.Url);

        await Eventually.TrueAsync(() => healthy.Requests.Count == 50, "all healthy deliveries");
        await Eventually.TrueAsync(async () => await fixture.Store.CountPendingCallbacksAsync(default) == 100);
        Assert.InRange(silent.Requests.Count, 1, SendingRoom.MostPerReceiver);
    }

    [Fact]
    public async Task Send_ManyToOneReceiver_AllArriveOnce()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();

        for (var i = 0; i < 200; i++)
            await fixture.EndAsync(receiver.Url);
        await fixture.IdleAsync();

        Assert.Equal(200, receiver.Requests.Count);
        Assert.Equal(200, receiver.Requests.Distinct().Count());
    }

    [Fact]
    public async Task Stop_WhileSending_IsSentAgainByTheNextUnderTheSameId()
    {
        await using var receiver = new Receiver(number => number == 1 ? null : Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        fixture.Key = new() { WebhookSecrets = [Secret()] };
        await fixture.EndAsync(receiver.Url);
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "a request that is not answered");

        await fixture.Sender.StopAsync(CancellationToken.None);
        await fixture.StartSenderAsync();
        await fixture.IdleAsync();

        Assert.Single(receiver.Requests.Select(request => Receiver.HeaderOf(request, "webhook-id")).Distinct(), id => id is not null);
        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task Send_ResultWasPurged_TellsTheFinalStateAlone()
    {
        await using var receiver = new Receiver(number => Receiver.Status(number == 1 ? "500 Oops" : "200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url);
        await fixture.TriedAsync(task, 1);
        await fixture.Store.PurgeAsync(fixture.Time.GetUtcNow().AddSeconds(1), default, 10, default);

        await fixture.RetryAsync(task, 1);
        await fixture.IdleAsync();

        Assert.EndsWith("status=1", receiver.Requests.Last().Split(' ')[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_KeyNotKnown_WaitsForTheKey()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        fixture.Key = null;
        var task = await fixture.EndAsync(receiver.Url);
        await fixture.TriedAsync(task, 1);
        Assert.Empty(receiver.Requests);

        fixture.Key = new();
        await fixture.RetryAsync(task, 1);
        await fixture.IdleAsync();

        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Replay_GivenUp_IsSentAgainWithoutTheOldToken()
    {
        await using var receiver = new Receiver(number => Receiver.Status(number == 1 ? "410 Gone" : "200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url);
        await fixture.IdleAsync();
        fixture.Time.Advance(CallbackSchedule.TokenLife);

        await fixture.Store.ReplayCallbackAsync((await fixture.CallbackOfAsync(task)).Id, new ChangedBy("admin", fixture.Time.GetUtcNow()), default);
        await Eventually.TrueAsync(() =>
        {
            fixture.Time.Advance(CallbackSender.LongestRest);
            return receiver.Requests.Count == 2;
        });
        await fixture.IdleAsync();

        Assert.EndsWith("status=1", receiver.Requests.Last().Split(' ')[1], StringComparison.Ordinal);
        Assert.Equal(CallbackState.Delivered, (await fixture.CallbackOfAsync(task)).State);
    }

    [Fact]
    public async Task Send_CapMonsterReceiverSaysNothing_IsDeliveredAfterTwoSeconds()
    {
        await using var receiver = new Receiver(_ => null);
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url, dialect: "capmonster");
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "the request");

        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        await fixture.IdleAsync();

        Assert.StartsWith("POST /hook?user=1 HTTP/1.1\r\n", receiver.Requests.First(), StringComparison.Ordinal);
        Assert.Equal((CallbackState.Delivered, "no answer in time"), Standing(await fixture.CallbackOfAsync(task)));
    }

    [Fact]
    public async Task Send_CapMonsterReceiverIsGoneOrFails_IsTriedAgain()
    {
        await using var receiver = new Receiver(number => Receiver.Status(number == 1 ? "502 Bad Gateway" : "200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        var task = await fixture.EndAsync(receiver.Url, dialect: "capmonster");

        await fixture.RetryAsync(task, 1);
        await fixture.IdleAsync();

        Assert.Equal(2, receiver.Requests.Count);
    }

    private static (CallbackState, string?) Standing(StoredCallback callback) => (callback.State, callback.LastOutcome);

    private static WebhookSecret Secret() =>
        WebhookSecret.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var secret) ? secret : throw new InvalidOperationException();
}
