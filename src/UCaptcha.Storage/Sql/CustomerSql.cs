namespace UCaptcha.Storage.Sql;

/// <summary>Statements on customers and what they can spend.</summary>
internal static class CustomerSql
{
    /// <summary>What was booked by hand, without what the keys have spent: the sum of the customer's ledger without reading all of it.</summary>
    private const string Booked =
        """
        (SELECT CAST(coalesce(sum(l.amount_micros), 0) AS bigint) FROM ledger l WHERE l.customer_id = c.id AND l.kind IN ('deposit', 'adjustment'))
            - (SELECT CAST(coalesce(sum(k.spent_micros), 0) AS bigint) FROM api_keys k WHERE k.customer_id = c.id)
        """;

    private const string Select =
        $"""
        SELECT c.id AS Id, c.name AS Name, c.limited AS Limited, CASE WHEN c.limited = 1 THEN c.balance_micros ELSE ({Booked}) END AS BalanceMicros,
            c.reserved_micros AS ReservedMicros, c.created_at AS CreatedAt
        FROM customers c
        """;

    /// <summary>Of a limited customer. Bound in the order of first appearance; changes no row when the balance does not cover it.</summary>
    public const string Reserve =
        "UPDATE customers SET reserved_micros = reserved_micros + @reserve WHERE id = @id AND reserved_micros + @reserve <= balance_micros";

    /// <summary>Of a limited customer. Bound in the order of first appearance.</summary>
    public const string Settle =
        "UPDATE customers SET reserved_micros = reserved_micros - @reserved, balance_micros = balance_micros - @charge WHERE id = @id";

    /// <summary>The same with what a task has reserved. Bound in the order of first appearance.</summary>
    public const string SettleTask =
        """
        UPDATE customers SET reserved_micros = customers.reserved_micros - t.reserved_micros, balance_micros = balance_micros - @charge
        FROM tasks t WHERE t.id = @task_id AND customers.id = @id
        """;

    /// <summary>Changes nothing, and holds the row until the transaction ends: what is read of the customer behind it is true, whoever else books.</summary>
    public const string Hold = "UPDATE customers SET name = name WHERE id = @id";

    public const string Insert =
        """
        INSERT INTO customers (name, limited, created_at) VALUES (@Name, @Limited, @At)
        ON CONFLICT (name) DO NOTHING RETURNING id
        """;

    public const string Rename = "UPDATE customers SET name = @name WHERE id = @id AND NOT EXISTS (SELECT 1 FROM customers o WHERE o.name = @name AND o.id <> @id)";

    /// <summary>Changes no row when a limited customer has not that much left.</summary>
    public const string Book =
        "UPDATE customers SET balance_micros = balance_micros + @amount WHERE id = @id AND limited = 1 AND balance_micros + @amount >= reserved_micros";

    public const string ById = $"{Select} WHERE c.id = @id";

    public const string Page = $"{Select} WHERE c.id > @afterId ORDER BY c.id LIMIT @limit";
}
