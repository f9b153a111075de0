using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Network;
using UCaptcha.TestKit;
using UCaptcha.Transcoding;

namespace UCaptcha.Server.Tests.Network;

public sealed class BodyArrivalTests
{
    private const int Room = 100_000;
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly BodyRoom _room = new(Room, () => throw new InvalidOperationException("Nobody asks for it."));
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));

    [Fact]
    public async Task Wait_AllComes_TakesRoomAsItComesAndReadsNothing()
    {
        using var arrival = Begin();
        var waiting = arrival.WaitAsync(_ => 60_000).AsTask();
        await SendAsync(16 * 1024);
        await SendAsync(20_000);
        await Eventually.TrueAsync(() => _room.Taken == (16 * 1024) + 20_000);
        Assert.False(waiting.IsCompleted);
        await SendAsync(40_000);

        Assert.Equal(BodyStanding.Arrived, await waiting);

        Assert.True(_pipe.Reader.TryRead(out var all));
        Assert.Equal((16 * 1024) + 60_000, all.Buffer.Length);
        var taken = arrival.HandOver();
        Assert.Equal(_room.Taken, taken);
        arrival.Dispose();
        Assert.Equal(taken, _room.Taken);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(81_920, 20)]
    public async Task Wait_NothingMoreComes_LastsTenSecondsAndAsMuchAsWhatCameIsWorth(int sent, int seconds)
    {
        using var arrival = Begin();
        var waiting = arrival.WaitAsync(_ => long.MaxValue).AsTask();
        if (sent > 0)
            await SendAsync(sent);
        await Eventually.TrueAsync(() => _clock.DueIn(TimeSpan.FromSeconds(seconds)) == 1);

        _clock.Advance(TimeSpan.FromSeconds(seconds) - Tick);
        Assert.False(waiting.IsCompleted);
        _clock.Advance(Tick);

        Assert.Equal(BodyStanding.TooSlow, await waiting);
        arrival.Dispose();
        Assert.Equal(0, _room.Taken);
    }

    [Fact]
    public async Task Wait_ThereIsNoRoom_SaysSoAndGivesBackWhatItTook()
    {
        using var arrival = Begin();
        var waiting = arrival.WaitAsync(_ => long.MaxValue).AsTask();
        await SendAsync(Room);
        await Eventually.TrueAsync(() => _room.Taken == Room);
        await SendAsync(1);

        Assert.Equal(BodyStanding.NoRoom, await waiting);
        arrival.Dispose();
        Assert.Equal(0, _room.Taken);
    }

    [Fact]
    public async Task Wait_TheBodyEnds_IsThereThoughLessThanNeeded()
    {
        using var arrival = Begin();
        await SendAsync(3);
        await _pipe.Writer.CompleteAsync();

        Assert.Equal(BodyStanding.Arrived, await arrival.WaitAsync(_ => 5));
    }

    [Fact]
    public async Task Host_BodiesThatItReadsItself_HaveToComeAsFast()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerHost.StartAsync(
            [
                $"--UCaptcha:DataDirectory={folder.Path}", "--UCaptcha:Http:Url=http://127.0.0.1:0", "--UCaptcha:Grpc:Url=http://127.0.0.1:0",
                "--UCaptcha:Admin:Url=http://127.0.0.1:0", "--Logging:LogLevel:Default=None",
            ],
            TimeProvider.System,
            TextWriter.Null);

        var rate = server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MinRequestBodyDataRate!;

        Assert.Equal((BodyArrival.SlowestBytesPerSecond, BodyArrival.Grace), (rate.BytesPerSecond, rate.GracePeriod));
    }

    private BodyArrival Begin() => new(_pipe.Reader, _room, _clock);

    private async Task SendAsync(int length) => await _pipe.Writer.WriteAsync(new byte[length]);
}
