namespace UCaptcha.Core.Billing;

/// <summary>What a row of the ledger is. A customer's balance is deposits, adjustments and refunds less charges.</summary>
public enum LedgerKind
{
    /// <summary>A customer paid in.</summary>
    Deposit,

    /// <summary>An operator set something right, up or down.</summary>
    Adjustment,

    /// <summary>A key paid for a solve.</summary>
    Charge,

    /// <summary>A charge was given back after a bad report.</summary>
    Refund,

    /// <summary>A provider charged what no key pays. Counts in nobody's balance.</summary>
    OperatorLoss,
}
