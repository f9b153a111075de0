using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>Moves money: first of the key's budget, then of the customer's balance if it is limited. Always in the order key, customer.</summary>
internal static class Spending
{
    /// <summary>Sets an amount aside. Null when it is, else why not; then nothing was changed.</summary>
    public static AcceptResult? TryReserve(WriteSession session, long keyId, Usd amount)
    {
        var payer = session.PayerOf(keyId) ?? throw new InvalidOperationException($"There is no key {keyId}.");
        if (!TryReserveOfKey(session, payer, keyId, amount))
            return AcceptResult.BudgetUsedUp;
        if (!payer.Limited || session.ReserveOfCustomer.Execute(amount.Micros, payer.CustomerId) > 0)
            return null;
        session.Settle.Send(amount.Micros, 0L, keyId);
        return AcceptResult.BalanceUsedUp;
    }

    /// <summary>Frees a reserve and charges what of it was used; a charge below zero gives back.</summary>
    public static void Settle(WriteSession session, long keyId, Usd reserved, Usd charge)
    {
        session.Settle.Send(reserved.Micros, charge.Micros, keyId);
        if (session.PayerOf(keyId) is { Limited: true } payer)
            session.SettleOfCustomer.Send(reserved.Micros, charge.Micros, payer.CustomerId);
    }

    /// <summary>Frees what a task has reserved and charges what of it was used.</summary>
    public static void Settle(WriteSession session, Guid taskId, long keyId, Usd charge)
    {
        session.SettleTask.Send(charge.Micros, taskId.ToDb());
        if (session.PayerOf(keyId) is { Limited: true } payer)
            session.SettleTaskOfCustomer.Send(charge.Micros, taskId.ToDb(), payer.CustomerId);
    }

    /// <summary>Gives back what a task was charged. Its provider was paid all the same.</summary>
    public static void Refund(WriteSession session, Guid taskId, DateTimeOffset at)
    {
        long keyId;
        Usd charge;
        int? attempt;
        using (var rows = session.FindCharge.Query(taskId.ToDb()))
        {
            if (!rows.Read())
                return;
            (keyId, charge, attempt) = (rows.GetInt64(0), new Usd(rows.GetInt64(1)), rows.IsDBNull(2) ? null : rows.GetInt32(2));
        }

        session.LockPayer(keyId);
        Settle(session, keyId, Usd.Zero, Usd.Zero - charge);
        Book(session, taskId, LedgerKind.Refund, attempt, charge, at);
        Book(session, taskId, LedgerKind.OperatorLoss, attempt, charge, at);
    }

    /// <summary>Adds a row to the ledger, for the key and the customer of a task and the account of an attempt.</summary>
    public static void Book(WriteSession session, Guid taskId, LedgerKind kind, int? attempt, Usd amount, DateTimeOffset at) =>
        session.AppendLedger.Send(at.ToDb(), LedgerKinds.ToDb(kind), attempt, amount.Micros, taskId.ToDb());

    private static bool TryReserveOfKey(WriteSession session, Payer payer, long keyId, Usd amount)
    {
        if (payer.HasBudget)
            return session.Reserve.Execute(amount.Micros, keyId) > 0;
        if (session.Reserve.Expect(amount.Micros, keyId))
            return true;
        session.ForgetPayer(keyId);
        return false;
    }
}
