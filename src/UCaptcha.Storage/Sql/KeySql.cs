namespace UCaptcha.Storage.Sql;

/// <summary>Statements on API keys and what they spend.</summary>
internal static class KeySql
{
    private const string Columns =
        """
        id AS Id, name AS Name, hash AS Hash, configured AS Configured, budget_micros AS BudgetMicros, customer_id AS CustomerId, prefix AS Prefix,
        settings AS Settings, webhook_secrets AS WebhookSecrets, previous_hash AS PreviousHash, previous_until AS PreviousUntil, created_at AS CreatedAt, revoked_at AS RevokedAt
        """;

    public const string Payer =
        """
        SELECT k.customer_id, c.limited, CASE WHEN k.budget_micros IS NULL THEN 0 ELSE 1 END
        FROM api_keys k JOIN customers c ON c.id = k.customer_id WHERE k.id = @id
        """;

    /// <summary>Bound in the order of first appearance; changes no row when the budget does not cover it.</summary>
    public const string Reserve =
        """
        UPDATE api_keys SET reserved_micros = reserved_micros + @reserve
        WHERE id = @id AND (budget_micros IS NULL OR spent_micros + reserved_micros + @reserve <= budget_micros)
        """;

    /// <summary>Bound in the order of first appearance.</summary>
    public const string Settle =
        "UPDATE api_keys SET reserved_micros = reserved_micros - @reserved, spent_micros = spent_micros + @charge WHERE id = @id";

    /// <summary>The same with what a task has reserved. Bound in the order of first appearance.</summary>
    public const string SettleTask =
        """
        UPDATE api_keys SET reserved_micros = api_keys.reserved_micros - t.reserved_micros, spent_micros = spent_micros + @charge
        FROM tasks t WHERE t.id = @task_id AND api_keys.id = t.key_id
        """;

    public const string Insert =
        """
        INSERT INTO api_keys (name, hash, configured, budget_micros, created_at, customer_id, prefix, settings)
        VALUES (@Name, @Hash, @Configured, @BudgetMicros, @CreatedAt, @CustomerId, @Prefix, @Settings)
        """;

    /// <summary>Returns no row when the name is another customer's.</summary>
    public const string Save =
        $"""
        {Insert}
        ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, configured = excluded.configured, budget_micros = excluded.budget_micros,
            prefix = excluded.prefix, settings = excluded.settings, webhook_secrets = '[]', previous_hash = NULL, previous_until = NULL, revoked_at = NULL
            WHERE api_keys.customer_id = excluded.customer_id
        RETURNING id
        """;

    public const string Rotate =
        """
        UPDATE api_keys SET previous_hash = CASE WHEN @Until > @At THEN hash END, previous_until = CASE WHEN @Until > @At THEN @Until END,
            hash = @Hash, prefix = @Prefix
        WHERE id = @Id
        """;

    public const string Change =
        """
        UPDATE api_keys SET name = @Name, settings = @Settings, budget_micros = @BudgetMicros, webhook_secrets = @WebhookSecrets
        WHERE id = @Id
        """;

    public const string Reseal = "UPDATE api_keys SET webhook_secrets = @WebhookSecrets WHERE id = @Id";

    public const string NameTaken = "SELECT count(*) FROM api_keys WHERE name = @name AND id <> @id";

    public const string TextTaken = "SELECT count(*) FROM api_keys WHERE hash = @hash AND revoked_at IS NULL AND id <> @id";

    public const string Version = "SELECT value FROM counters WHERE name = 'keys_version'";

    /// <summary>The first statement of every change: on a database with several writers one change of keys waits for the other.</summary>
    public const string RaiseVersion = "UPDATE counters SET value = value + 1 WHERE name = 'keys_version'";

    public const string Revoke = "UPDATE api_keys SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL";

    public const string Live = $"SELECT {Columns} FROM api_keys WHERE revoked_at IS NULL ORDER BY id";

    public const string ById = $"SELECT {Columns} FROM api_keys WHERE id = @id";

    public const string Page = $"SELECT {Columns} FROM api_keys WHERE id > @afterId ORDER BY id LIMIT @limit";

    public const string PageOfCustomer = $"SELECT {Columns} FROM api_keys WHERE customer_id = @customerId AND id > @afterId ORDER BY id LIMIT @limit";

    public const string Usage = "SELECT spent_micros AS Spent, reserved_micros AS Reserved FROM api_keys WHERE id = @id";
}
