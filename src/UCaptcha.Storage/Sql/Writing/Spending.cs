using System.Data.Common;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>Moves money: first of the key's budget, then of the customer's balance if it is limited. Always in the order key, customer.</summary>
internal static class Spending
{
    /// <summary>Sets an amount aside. Null when it is, else why not; then nothing was changed.</summary>
    public static AcceptResult? TryReserve(WriteSession session, long keyId, Usd amount)
    {
        if (Owner(session.Reserve.Query(amount.Micros, keyId)) is not { } owner)
        {
            return session.KeyExists.Scalar(keyId) is null
                ? throw new InvalidOperationException($"There is no key {keyId}.")
                : AcceptResult.BudgetUsedUp;
        }

        if (!owner.Limited || session.ReserveOfCustomer.Execute(amount.Micros, owner.CustomerId) > 0)
            return null;
        _ = Owner(session.Settle.Query(amount.Micros, 0L, keyId));
        return AcceptResult.BalanceUsedUp;
    }

    /// <summary>Frees a reserve and charges what of it was used; a charge below zero gives back.</summary>
    public static void Settle(WriteSession session, long keyId, Usd reserved, Usd charge)
    {
        if (Owner(session.Settle.Query(reserved.Micros, charge.Micros, keyId)) is { Limited: true } owner)
            session.SettleOfCustomer.Execute(reserved.Micros, charge.Micros, owner.CustomerId);
    }

    /// <summary>Gives back what a task was charged. Its provider was paid all the same.</summary>
    public static void Refund(WriteSession session, Guid taskId, DateTimeOffset at)
    {
        long keyId;
        Usd charge;
        string? account;
        using (var rows = session.FindCharge.Query(taskId.ToDb()))
        {
            if (!rows.Read())
                return;
            (keyId, charge, account) = (rows.GetInt64(0), new Usd(rows.GetInt64(1)), rows.GetTextOrNull(2));
        }

        session.LockPayer(keyId);
        Settle(session, keyId, Usd.Zero, Usd.Zero - charge);
        Book(session, taskId, LedgerKind.Refund, account, charge, at);
        Book(session, taskId, LedgerKind.OperatorLoss, account, charge, at);
    }

    /// <summary>Adds a row to the ledger, for the key and the customer of a task.</summary>
    public static void Book(WriteSession session, Guid taskId, LedgerKind kind, string? account, Usd amount, DateTimeOffset at) =>
        session.AppendLedger.Execute(at.ToDb(), LedgerKinds.ToDb(kind), account, amount.Micros, taskId.ToDb());

    private static (long CustomerId, bool Limited)? Owner(DbDataReader rows)
    {
        using (rows)
            return rows.Read() ? (rows.GetInt64(0), rows.GetInt64(1) != 0) : null;
    }
}
