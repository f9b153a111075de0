using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace UCaptcha.Transcoding.Http;

// gRPC metadata in HTTP headers; a key that ends in -bin holds base64.
internal static class MetadataHeaders
{
    private const string StatusPrefix = "grpc-";

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    private static readonly SearchValues<char> ValueCharacters =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    // What is not metadata but belongs to HTTP/2 or to gRPC itself.
    private static readonly HashSet<string> NotMetadata = new(StringComparer.OrdinalIgnoreCase)
    {
        "grpc-encoding", "grpc-accept-encoding", "grpc-timeout", "content-encoding", "te", "grpc-message-type",
    };

    // What describes the body, which is not the handler's to describe.
    private static readonly HashSet<string> OfTheBody = new(StringComparer.OrdinalIgnoreCase)
    {
        "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "trailer",
    };

    public static Metadata Read(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (key, values) in headers)
        {
            if (key.AsSpan().ContainsAnyExcept(KeyCharacters) || NotMetadata.Contains(key))
                continue;

            foreach (var value in values)
                Add(metadata, key.ToLowerInvariant(), value ?? "");
        }

        return metadata;
    }

    // Leaves out what only gRPC's own trailers say, and what a header cannot hold.
    public static void Write(Metadata metadata, IHeaderDictionary headers)
    {
        foreach (var entry in metadata)
        {
            if (entry.Key.StartsWith(StatusPrefix, StringComparison.Ordinal) || OfTheBody.Contains(entry.Key))
                continue;

            var value = entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value;
            if (!value.AsSpan().ContainsAnyExcept(ValueCharacters))
                headers.Append(entry.Key, value);
        }
    }

    private static void Add(Metadata metadata, string key, string value)
    {
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
            metadata.Add(key, value);
        else if (TryDecode(value, out var bytes))
            metadata.Add(key, bytes);
    }

    // Padded or not.
    private static bool TryDecode(string value, out byte[] bytes)
    {
        var padded = Encoding.UTF8.GetBytes(value.TrimEnd('=') + new string('=', (4 - value.TrimEnd('=').Length % 4) % 4));
        bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        var isDecoded = Base64.DecodeFromUtf8(padded, bytes, out _, out var written) == OperationStatus.Done;
        bytes = bytes[..written];
        return isDecoded;
    }
}
