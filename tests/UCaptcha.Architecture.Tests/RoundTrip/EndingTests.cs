using System.Text;
using Grpc.Core;
using Grpc.Net.Client;

namespace UCaptcha.Architecture.Tests.RoundTrip;

// How calls end other than well: statuses, trailers, deadlines, cancellation.
public sealed class EndingTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Unary_ThrowingRpcException_CarriesStatusAndTrailers()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.UnaryAsync(new ProbeRequest { Act = "fail", Text = "closed" });

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("closed", error.Status.Detail);
        Assert.Equal("Status(StatusCode=\"FailedPrecondition\", Detail=\"closed\")", error.Message);
        Assert.Equal("closed", error.Trailers.GetValue("why"));
        Assert.Equal("closed", Encoding.UTF8.GetString(error.Trailers.GetValueBytes("why-bin")!));
        Assert.Equal(StatusCode.FailedPrecondition, call.GetStatus().StatusCode);
        Assert.Equal("closed", call.GetTrailers().GetValue("why"));
    }

    [Fact]
    public async Task Unary_ThrowingRpcException_CarriesStatusDetails()
    {
        await using var host = await ProbeHost.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await host.Client.UnaryAsync(new ProbeRequest { Act = "details", Text = "größe" }));

        Assert.Equal("größe", ProbeReply.Parser.ParseFrom(error.Trailers.GetValueBytes("grpc-status-details-bin")).Text);
        Assert.Equal("größe", error.Status.Detail);
    }

    [Fact]
    public async Task Unary_SettingTheStatus_EndsWithIt()
    {
        await using var host = await ProbeHost.StartAsync();

        var error = Assert.Throws<RpcException>(() => host.Client.Unary(new ProbeRequest { Act = "status", Text = "gone" }));

        Assert.Equal(new Status(StatusCode.NotFound, "gone"), error.Status);
    }

    [Fact]
    public async Task Unary_ThrowingAnythingElse_IsUnknown()
    {
        await using var host = await ProbeHost.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.UnaryAsync(new ProbeRequest { Act = "crash" }));

        Assert.Equal(StatusCode.Unknown, error.StatusCode);
    }

    [Fact]
    public async Task Unary_PastItsDeadline_IsDeadlineExceeded()
    {
        await using var host = await ProbeHost.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await host.Client.UnaryAsync(new ProbeRequest { Act = "hang" }, deadline: DateTime.UtcNow.AddMilliseconds(200)));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Context_OfACallWithADeadline_KnowsIt()
    {
        await using var host = await ProbeHost.StartAsync();

        var without = await host.Client.UnaryAsync(new ProbeRequest { Act = "deadline" });
        var with = await host.Client.UnaryAsync(new ProbeRequest { Act = "deadline" }, deadline: DateTime.UtcNow.AddHours(1));

        Assert.Equal("none", without.Text);
        Assert.Equal("Utc", with.Text);
    }

    [Fact]
    public async Task Unary_CancelledByToken_EndsOnBothSides()
    {
        await using var host = await ProbeHost.StartAsync();
        using var cancellation = new CancellationTokenSource();
        using var call = host.Client.UnaryAsync(new ProbeRequest { Act = "hang" }, cancellationToken: cancellation.Token);
        await host.Log.Started.Task.WaitAsync(Bound);

        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        await host.Log.Cancelled.Task.WaitAsync(Bound);
    }

    [Fact]
    public async Task ServerStream_Disposed_EndsOnTheServer()
    {
        await using var host = await ProbeHost.StartAsync();
        var call = host.Client.ServerStream(new ProbeRequest { Act = "hang", Text = "n", Count = 1 });
        Assert.True(await call.ResponseStream.MoveNext());
        await host.Log.Started.Task.WaitAsync(Bound);

        call.Dispose();

        await host.Log.Cancelled.Task.WaitAsync(Bound);
    }

    [Fact]
    public async Task ClientStream_WriteWithACancelledToken_IsCancelled()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.ClientStream();

        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => call.RequestStream.WriteAsync(new ProbeRequest { Text = "a" }, new CancellationToken(canceled: true)));

        Assert.True(error is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled }, error.ToString());
    }

    [Fact]
    public async Task Client_WithoutAServer_IsUnavailableAndSaysWhy()
    {
        var host = await ProbeHost.StartAsync();
        var address = host.Channel.Target;
        await host.DisposeAsync();
        using var channel = GrpcChannel.ForAddress($"http://{address}");

        var error = await Assert.ThrowsAsync<RpcException>(async () => await new Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest()));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.NotNull(error.InnerException);
        Assert.Same(error.Status.DebugException, error.InnerException);
        Assert.Contains($"DebugException=\"{error.InnerException.GetType()}: ", error.Message);
    }
}
