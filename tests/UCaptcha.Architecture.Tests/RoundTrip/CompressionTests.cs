using System.IO.Compression;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace UCaptcha.Architecture.Tests.RoundTrip;

public sealed class CompressionTests
{
    private static readonly string LongText = new('x', 10_000);

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Unary_CompressedBothWays_KeepsTheMessage(string encoding)
    {
        var seen = new List<string?>();
        await using var host = await StartAsync(encoding, seen);
        var headers = new Metadata { { "grpc-internal-encoding-request", encoding } };

        var reply = await host.Client.UnaryAsync(new ProbeRequest { Text = LongText }, headers);

        Assert.Equal(LongText, reply.Text);
        Assert.Equal([encoding, encoding], seen);
    }

    [Fact]
    public async Task ServerStream_WithAMessageLeftUncompressed_KeepsEveryMessage()
    {
        var seen = new List<string?>();
        await using var host = await StartAsync("gzip", seen);
        using var call = host.Client.ServerStream(new ProbeRequest { Act = "mixed", Text = LongText, Count = 3 });

        var texts = await call.ResponseStream.ReadAllAsync().Select(reply => reply.Text).ToListAsync();

        Assert.Equal([LongText + "0", LongText + "1", LongText + "2"], texts);
        Assert.Equal([null, "gzip"], seen);
    }

    // Notes the encodings that the request named and the response names.
    private static Task<ProbeHost> StartAsync(string encoding, List<string?> seen) => ProbeHost.StartAsync(
        server: options =>
        {
            options.ResponseCompressionAlgorithm = encoding;
            options.ResponseCompressionLevel = CompressionLevel.Fastest;
        },
        pipeline: app => app.Use(next => context =>
        {
            seen.Add((string?)context.Request.Headers["grpc-encoding"]);
            context.Response.OnStarting(() =>
            {
                seen.Add((string?)context.Response.Headers["grpc-encoding"]);
                return Task.CompletedTask;
            });
            return next(context);
        }));
}
