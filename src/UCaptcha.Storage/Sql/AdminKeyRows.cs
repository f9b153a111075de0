using System.Data;
using Dapper;

namespace UCaptcha.Storage.Sql;

/// <summary>The one admin key that may be stored.</summary>
internal static class AdminKeyRows
{
    public static byte[]? Find(IDbConnection connection) =>
        connection.QuerySingleOrDefault<byte[]>("SELECT hash FROM admin_key WHERE id = 1");

    public static bool Add(IDbConnection connection, byte[] hash, DateTimeOffset at) =>
        connection.Execute(
            "INSERT INTO admin_key (id, hash, created_at) VALUES (1, @hash, @at) ON CONFLICT (id) DO NOTHING", new { hash, at = at.ToDb() }) > 0;
}
