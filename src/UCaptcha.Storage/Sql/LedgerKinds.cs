using UCaptcha.Core.Billing;

namespace UCaptcha.Storage.Sql;

/// <summary>How kinds of rows are written in the ledger.</summary>
internal static class LedgerKinds
{
    private static readonly Dictionary<LedgerKind, string> Texts = new()
    {
        [LedgerKind.Deposit] = "deposit",
        [LedgerKind.Adjustment] = "adjustment",
        [LedgerKind.Charge] = "charge",
        [LedgerKind.Refund] = "refund",
        [LedgerKind.OperatorLoss] = "operator_loss",
    };

    private static readonly Dictionary<string, LedgerKind> Kinds = Texts.ToDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

    public static string ToDb(LedgerKind kind) => Texts[kind];

    public static LedgerKind Parse(string text) => Kinds[text];
}
