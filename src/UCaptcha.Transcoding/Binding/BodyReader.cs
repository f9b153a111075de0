using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using UCaptcha.Transcoding.Codec;

namespace UCaptcha.Transcoding.Binding;

// Reads a body up to a limit of its own and lends it in one piece.
internal static class BodyReader
{
    // Throws JsonContractException for a body that is too long or breaks off, RpcException when there is no room for it, and what the caller throws.
    public static async ValueTask<T> ReadAsync<T, TState>(
        HttpRequest request, int maxSize, BodyRoom? room, TState state, BodyUser<T, TState> use, CancellationToken cancellation)
    {
        // The server's own limit is answered in a form of its own, and cuts off a client that is still sending before it has read the answer.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (request.ContentLength > maxSize)
            throw TooLarge(maxSize);

        try
        {
            return await ReadCoreAsync(request, maxSize, room, state, use, cancellation);
        }
        catch (BadHttpRequestException)
        {
            throw new JsonContractException(JsonContractErrorKind.Malformed, "", "The body could not be read to its end.");
        }
    }

    private static async ValueTask<T> ReadCoreAsync<T, TState>(
        HttpRequest request, int maxSize, BodyRoom? room, TState state, BodyUser<T, TState> use, CancellationToken cancellation)
    {
        var reader = request.BodyReader;
        var result = await reader.ReadAsync(cancellation);
        var isWhole = result.IsCompleted || result.Buffer.Length == request.ContentLength;
        if (isWhole && result.Buffer.IsSingleSegment && result.Buffer.Length <= maxSize)
        {
            try
            {
                return use(state, result.Buffer.FirstSpan);
            }
            finally
            {
                reader.AdvanceTo(result.Buffer.End);
            }
        }

        using var gathered = new GatheredBody(room);
        while (true)
        {
            try
            {
                if (gathered.Bytes.Length + result.Buffer.Length > maxSize)
                    throw TooLarge(maxSize);
                gathered.Add(result.Buffer);
            }
            finally
            {
                reader.AdvanceTo(result.Buffer.End);
            }

            if (result.IsCompleted)
                return use(state, gathered.Bytes);
            result = await reader.ReadAsync(cancellation);
        }
    }

    private static JsonContractException TooLarge(int maxSize) =>
        new(JsonContractErrorKind.TooLarge, "", $"The body is longer than {maxSize} bytes.");
}

internal delegate T BodyUser<T, TState>(TState state, ReadOnlySpan<byte> body);
