namespace UCaptcha.Storage.Sql;

/// <summary>Statements on API keys and what they spend.</summary>
internal static class KeySql
{
    /// <summary>Bound in the order of first appearance; changes no row when the budget does not cover it.</summary>
    public const string Reserve =
        """
        UPDATE api_keys SET reserved_micros = reserved_micros + @reserve
        WHERE id = @id AND (budget_micros IS NULL OR spent_micros + reserved_micros + @reserve <= budget_micros)
        """;

    /// <summary>Bound in the order of first appearance.</summary>
    public const string Settle =
        "UPDATE api_keys SET reserved_micros = reserved_micros - @reserved, spent_micros = spent_micros + @charge WHERE id = @id";

    public const string Exists = "SELECT 1 FROM api_keys WHERE id = @id";

    public const string Save =
        """
        INSERT INTO api_keys (name, hash, configured, budget_micros, created_at) VALUES (@Name, @Hash, @Configured, @BudgetMicros, @CreatedAt)
        ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, configured = excluded.configured, budget_micros = excluded.budget_micros,
            revoked_at = NULL
        RETURNING id
        """;

    public const string Revoke = "UPDATE api_keys SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL";

    public const string Live =
        """
        SELECT id AS Id, name AS Name, hash AS Hash, configured AS Configured, budget_micros AS BudgetMicros
        FROM api_keys WHERE revoked_at IS NULL ORDER BY id
        """;

    public const string Usage = "SELECT spent_micros AS Spent, reserved_micros AS Reserved FROM api_keys WHERE id = @id";
}
