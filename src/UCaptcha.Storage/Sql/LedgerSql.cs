namespace UCaptcha.Storage.Sql;

/// <summary>The one statement on the ledger, and the kinds of its rows.</summary>
internal static class LedgerSql
{
    /// <summary>A key paid for a solve.</summary>
    public const string Charge = "charge";

    /// <summary>A provider charged what no key pays.</summary>
    public const string OperatorLoss = "operator_loss";

    /// <summary>Bound in the order of first appearance.</summary>
    public const string Append =
        """
        INSERT INTO ledger (at, key_id, task_id, kind, account, amount_micros)
        VALUES (@at, @key_id, @task_id, @kind, @account, @amount_micros)
        """;
}
