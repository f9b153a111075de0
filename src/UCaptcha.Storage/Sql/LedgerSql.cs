namespace UCaptcha.Storage.Sql;

/// <summary>Statements on the ledger. Rows are only ever added.</summary>
internal static class LedgerSql
{
    /// <summary>Books for the key and the customer of a task, and for the account of one of its attempts or none. Bound in the order of first appearance.</summary>
    public const string Append =
        """
        INSERT INTO ledger (at, customer_id, key_id, task_id, kind, account, amount_micros)
        SELECT @at, k.customer_id, k.id, t.id, @kind, (SELECT a.account FROM attempts a WHERE a.task_id = t.id AND a.number = @attempt), @amount_micros
        FROM tasks t JOIN api_keys k ON k.id = t.key_id WHERE t.id = @task_id
        """;

    public const string AppendByHand =
        """
        INSERT INTO ledger (at, customer_id, kind, amount_micros, reference, note)
        VALUES (@At, @CustomerId, @Kind, @AmountMicros, @Reference, @Note)
        """;

    public const string ByReference =
        "SELECT kind AS Kind, amount_micros AS AmountMicros FROM ledger WHERE customer_id = @CustomerId AND reference = @Reference";

    /// <summary>The start of a listing whose conditions are added.</summary>
    public const string Select =
        """
        SELECT id AS Id, at AS At, customer_id AS CustomerId, key_id AS KeyId, task_id AS TaskId, kind AS Kind, account AS Account,
            amount_micros AS AmountMicros, reference AS Reference, note AS Note
        FROM ledger
        """;

    public const string Differences =
        "SELECT what AS What, id AS Id, name AS Name, kept AS Kept, proven AS Proven FROM ledger_proof WHERE kept <> proven ORDER BY what, id LIMIT 1000";

    public const string CountProofs = "SELECT count(*) FROM ledger_proof";
}
