using System.Data;
using System.Data.Common;
using Dapper;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>What a key's request ids were used for.</summary>
internal static class RequestIdRows
{
    public static AcceptOutcome? Find(IDbConnection connection, (long KeyId, string RequestId, ReadOnlyMemory<byte> Fingerprint) request)
    {
        using var rows = (DbDataReader)connection.ExecuteReader(RequestIdSql.Find, new { key_id = request.KeyId, request_id = request.RequestId.ToDb() });
        return Read(rows, request.Fingerprint);
    }

    /// <summary>What a row of <see cref="RequestIdSql.Find"/> answers a request, or null when there is none.</summary>
    public static AcceptOutcome? Read(DbDataReader rows, ReadOnlyMemory<byte> fingerprint)
    {
        if (!rows.Read())
            return null;
        return rows.GetBytes(0).AsSpan().SequenceEqual(fingerprint.Span)
            ? new AcceptOutcome(AcceptResult.Repeated, DbValue.ToId(rows.GetBytes(1)), RowReader.ReadForgotten(rows, firstColumn: 2))
            : new AcceptOutcome(AcceptResult.RequestIdTaken);
    }
}
