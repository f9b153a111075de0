using System.Net;
using UCaptcha.Server.Callbacks;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class CallbackSenderTests
{
    private static readonly Guid Id = Guid.Parse("0197a8a0-0000-7000-8000-000000000001");

    [Fact]
    public async Task Enqueue_Solved_SendsOneGetWithTheCode()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();

        Assert.True(fixture.Sender.Enqueue(receiver.Url, Id, success: true, "03AG&x"));
        await fixture.IdleAsync();

        var request = Assert.Single(receiver.Requests);
        Assert.StartsWith($"GET /hook?user=1&captcha_id={Id}&status=1&code=03AG%26x HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: 127.0.0.1:{receiver.Port}\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Enqueue_Failed_SendsStatusZeroAlone()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("204 No Content"));
        await using var fixture = await SenderFixture.StartAsync();

        fixture.Sender.Enqueue(receiver.Url, Id, success: false, code: null);
        await fixture.IdleAsync();

        Assert.StartsWith($"GET /hook?user=1&captcha_id={Id}&status=0 HTTP/1.1\r\n", Assert.Single(receiver.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_FailingReceiver_IsTriedSixTimesThenGivenUp()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("500 Oops"));
        await using var fixture = await SenderFixture.StartAsync();
        fixture.Sender.Enqueue(receiver.Url, Id, success: true, "canary");

        foreach (var (number, seconds) in ((int, int)[])[(1, 2), (2, 5), (3, 10), (4, 20), (5, 40)])
            await fixture.RetryAsync(number, seconds);
        await fixture.IdleAsync();

        Assert.Equal(6, receiver.Requests.Count);
        Assert.Contains(fixture.Log.Lines, line => line == $"Warning: Callback of task {Id} to 127.0.0.1:{receiver.Port} given up after 6 tries: status 500 ");
        Assert.DoesNotContain(fixture.Log.Lines, line => line.Contains("canary", StringComparison.Ordinal) || line.Contains("hook", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("302 Found\r\nLocation: /elsewhere")]
    [InlineData("404 Not Found")]
    [InlineData("garbage")]
    public async Task Send_NoSuccess_IsTriedAgainAtTheSameUrl(string first)
    {
        await using var receiver = new Receiver(number => Receiver.Status(number == 1 ? first : "200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        fixture.Sender.Enqueue(receiver.Url, Id, success: true, "t");

        await fixture.RetryAsync(1, 2);
        await fixture.IdleAsync();

        Assert.Equal(2, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Distinct());
        Assert.DoesNotContain(receiver.Requests, request => request.Contains("Cookie", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Send_ReceiverSilent_TimesOutAfterTenSecondsAndTriesAgain()
    {
        await using var receiver = new Receiver(number => number == 1 ? null : Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        fixture.Sender.Enqueue(receiver.Url, Id, success: true, "t");
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "the first request");

        fixture.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Empty(fixture.Log.Lines);
        fixture.Time.Advance(TimeSpan.FromSeconds(0.1));
        await fixture.RetryAsync(1, 2);
        await fixture.IdleAsync();

        Assert.Equal(2, receiver.Requests.Count);
        Assert.Contains(fixture.Log.Lines, line => line.EndsWith("failed at try 1: no answer in time ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_EndlessBody_IsDoneWithTheHeaders()
    {
        await using var receiver = new Receiver(_ => "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\nSet-Cookie: a=b\r\n\r\nabc");
        await using var fixture = await SenderFixture.StartAsync();

        fixture.Sender.Enqueue(receiver.Url, Id, success: true, "t");
        await fixture.IdleAsync();

        Assert.Contains("delivered", Assert.Single(fixture.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_EndlessHeaders_Fails()
    {
        await using var receiver = new Receiver(number => number == 1 ? $"HTTP/1.1 200 OK\r\nA: {new string('a', 40_000)}\r\n\r\n" : Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        fixture.Sender.Enqueue(receiver.Url, Id, success: true, "t");

        await fixture.RetryAsync(1, 2);
        await fixture.IdleAsync();

        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task Send_NobodyListens_IsTriedAgain()
    {
        string url;
        await using (var gone = new Receiver(_ => null))
            url = gone.Url;
        await using var fixture = await SenderFixture.StartAsync();
        fixture.Sender.Enqueue(url, Id, success: true, "t");

        await fixture.RetryAsync(1, 2);

        await Eventually.TrueAsync(() => fixture.Log.Lines.Count == 2, "a second failure");
        Assert.All(fixture.Log.Lines, line => Assert.EndsWith(": ConnectionError ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_NameTurnsPrivate_IsRefusedWithoutAnotherTry()
    {
        // The name was public when createTask looked; now it is loopback.
        await using var fixture = await SenderFixture.StartAsync(allowPrivateNetworks: false, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        fixture.Sender.Enqueue("http://hook.example:8080/", Id, success: true, "t");
        await fixture.IdleAsync();

        Assert.Equal(
            $"Warning: Callback of task {Id} to hook.example:8080 given up after 1 tries: The host has an address that is not public. ",
            Assert.Single(fixture.Log.Lines));
    }

    [Fact]
    public async Task Send_NameIsRebound_EachTryIsChecked()
    {
        // The name has no address at first, and a private one at the second try.
        var asked = 0;
        var connector = new CallbackConnector(
            new CallbackAddressPolicy(new CallbackOptions()),
            (_, _) => Task.FromResult<IPAddress[]>(asked++ == 0 ? [] : [IPAddress.Loopback]));
        using var client = new CallbackClient(connector, new ManualTimeProvider());
        var url = new Uri("http://hook.example/");

        Assert.True((await client.SendAsync(url, CancellationToken.None)).MayRetry);
        Assert.Equal(CallbackOutcome.Refused("The host has an address that is not public."), await client.SendAsync(url, CancellationToken.None));
    }

    [Fact]
    public async Task Send_SilentReceiver_DoesNotHoldUpOthers()
    {
        await using var silent = new Receiver(_ => null);
        await using var healthy = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        for (var i = 0; i < 100; i++)
            fixture.Sender.Enqueue(silent.Url, Id, success: true, "t");

        for (var i = 0; i < 50; i++)
            fixture.Sender.Enqueue(healthy.Url, Id, success: true, "t");

        await Eventually.TrueAsync(() => healthy.Requests.Count == 50, "all healthy deliveries");
        await Eventually.TrueAsync(() => fixture.Sender.UnderWay == 100, "only the silent ones left");
        Assert.InRange(silent.Requests.Count, 0, CallbackSender.WorkersPerReceiver);
    }

    [Fact]
    public async Task Send_ManyToOneReceiver_AllArrive()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();

        for (var i = 0; i < 200; i++)
            fixture.Sender.Enqueue(receiver.Url, Id, success: true, $"{i}");
        await fixture.IdleAsync();

        Assert.Equal(200, receiver.Requests.Distinct().Count());
    }

    [Fact]
    public async Task Enqueue_TooManyToOneReceiver_DropsTheNewestOfThatReceiver()
    {
        await using var silent = new Receiver(_ => null);
        await using var healthy = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        for (var i = 0; i < CallbackSender.CapacityPerReceiver; i++)
            Assert.True(fixture.Sender.Enqueue(silent.Url, Id, success: true, "t"));

        Assert.False(fixture.Sender.Enqueue(silent.Url, Id, success: true, "t"));
        Assert.True(fixture.Sender.Enqueue(healthy.Url, Id, success: true, "t"));

        Assert.Contains(fixture.Log.Lines, line => line.Contains("too many are under way", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => fixture.Sender.UnderWay == CallbackSender.CapacityPerReceiver, "the healthy delivery");
    }

    [Fact]
    public async Task Enqueue_TooManyInAll_DropsTheNewest()
    {
        await using var fixture = await SenderFixture.StartAsync(resolve: async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return [];
        });
        for (var i = 0; i < CallbackSender.Capacity; i++)
            Assert.True(fixture.Sender.Enqueue($"http://hook{i % 100}.example/", Id, success: true, "t"));

        Assert.False(fixture.Sender.Enqueue("http://another.example/", Id, success: true, "t"));
        Assert.Equal(CallbackSender.Capacity, fixture.Sender.UnderWay);
    }

    [Fact]
    public async Task Enqueue_BehindDelivered_HasRoomAgain()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();

        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 500; i++)
                Assert.True(fixture.Sender.Enqueue(receiver.Url, Id, success: true, "t"));
            await fixture.IdleAsync();
        }
    }

    [Fact]
    public async Task Enqueue_NoUrl_IsDropped()
    {
        await using var fixture = await SenderFixture.StartAsync();

        Assert.False(fixture.Sender.Enqueue("nonsense", Id, success: true, "t"));

        Assert.Equal(0, fixture.Sender.UnderWay);
    }

    [Fact]
    public async Task Stop_WhileSendingAndWaiting_EndsAtOnce()
    {
        await using var silent = new Receiver(number => number == 1 ? Receiver.Status("500 Oops") : null);
        await using var fixture = await SenderFixture.StartAsync();
        fixture.Sender.Enqueue(silent.Url, Id, success: true, "t");
        await Eventually.TrueAsync(() => fixture.Time.DueIn(TimeSpan.FromSeconds(2)) == 1, "a wait");
        fixture.Sender.Enqueue(silent.Url, Id, success: true, "t");
        await Eventually.TrueAsync(() => silent.Requests.Count == 2, "a request that is not answered");

        await fixture.Sender.StopAsync(CancellationToken.None);

        Assert.Contains(fixture.Log.Lines, line => line.Contains("2 callbacks undelivered", StringComparison.Ordinal));
    }
}
