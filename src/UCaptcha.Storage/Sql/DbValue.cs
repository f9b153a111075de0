using System.Data.Common;
using System.Runtime.InteropServices;
using System.Text;

namespace UCaptcha.Storage.Sql;

/// <summary>How values look in a database: times as unix milliseconds, ids as 16 bytes in big-endian order.</summary>
internal static class DbValue
{
    public static long ToDb(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static byte[] ToDb(this Guid id) => id.ToByteArray(bigEndian: true);

    /// <summary>
    /// The text with U+FFFD for each half of a surrogate pair, as SQLite keeps it, for a database that takes none: a text that was cut
    /// off, or a provider's, holds nobody up.
    /// </summary>
    public static string ToDb(this string text) =>
        text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    /// <summary>The bytes without a copy where they are a whole array.</summary>
    public static byte[] ToDb(this ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();

    public static DateTimeOffset ToTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static Guid ToId(byte[] bytes) => new(bytes, bigEndian: true);

    public static byte[] GetBytes(this DbDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    public static string? GetTextOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? GetLongOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static DateTimeOffset? GetTimeOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : ToTime(reader.GetInt64(column));

    public static ReadOnlyMemory<byte> GetBytesOrEmpty(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? ReadOnlyMemory<byte>.Empty : reader.GetBytes(column);
}
