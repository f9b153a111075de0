namespace UCaptcha.KillTest.Judging;

/// <summary>Audits the money in the store: what each task cost whom, and that every sum is its rows'.</summary>
internal static class Accounts
{
    public static IEnumerable<string> Audit(StoreRecord store) => [.. Tasks(store), .. Keys(store), .. Customers(store), .. Proof(store)];

    /// <summary>A solve is charged once, a failure never; what no key pays is the operator's loss.</summary>
    private static IEnumerable<string> Tasks(StoreRecord store)
    {
        var rows = store.Ledger.Where(row => row.TaskId is not null).ToLookup(row => row.Task);
        foreach (var task in store.Tasks)
        {
            long SumOf(string kind) => rows[task.Task].Where(row => row.Kind == kind).Sum(row => row.AmountMicros);
            int CountOf(string kind) => rows[task.Task].Count(row => row.Kind == kind);
            var (charged, refunded, lost) = (SumOf("charge"), SumOf("refund"), SumOf("operator_loss"));
            var cost = store.Attempts[task.Task].Sum(attempt => attempt.CostMicros);
            if (CountOf("charge") > 1)
                yield return $"task {task.Task} was charged {CountOf("charge")} times";
            if (CountOf("refund") > 1)
                yield return $"task {task.Task} was refunded {CountOf("refund")} times";
            if (charged != (task.State == StoreRecord.Ready ? task.CostMicros : 0))
                yield return $"task {task.Task} of state {task.State} costs {task.CostMicros} and was charged {charged}";
            if (refunded > charged)
                yield return $"task {task.Task} was charged {charged} and refunded {refunded}";
            if (lost != cost - charged + refunded)
                yield return $"task {task.Task} cost {cost}, its key paid {charged - refunded}, and {lost} are booked as the operator's loss";
            if (rows[task.Task].Any(row => row.KeyId != task.KeyId))
                yield return $"task {task.Task} of key {task.KeyId} is booked on another key";
        }
    }

    private static IEnumerable<string> Keys(StoreRecord store)
    {
        foreach (var key in store.Keys)
        {
            var sum = store.Ledger.Where(row => row.KeyId == key.Id).Sum(row => row.Kind switch { "charge" => row.AmountMicros, "refund" => -row.AmountMicros, _ => 0 });
            if (key.SpentMicros != sum)
                yield return $"key {key.Name} has spent {key.SpentMicros} and its ledger says {sum}";
            if (key.ReservedMicros != 0)
                yield return $"key {key.Name} still has {key.ReservedMicros} set aside";
            if (key.SpentMicros > (key.BudgetMicros ?? long.MaxValue))
                yield return $"key {key.Name} has spent {key.SpentMicros} of {key.BudgetMicros}";
        }
    }

    private static IEnumerable<string> Customers(StoreRecord store)
    {
        foreach (var customer in store.Customers.Where(customer => customer.Limited != 0))
        {
            var sum = store.Ledger.Where(row => row.CustomerId == customer.Id)
                .Sum(row => row.Kind switch { "charge" => -row.AmountMicros, "operator_loss" => 0, _ => row.AmountMicros });
            if (customer.BalanceMicros != sum)
                yield return $"customer {customer.Name} has {customer.BalanceMicros} and its ledger says {sum}";
            if (customer.ReservedMicros != 0)
                yield return $"customer {customer.Name} still has {customer.ReservedMicros} set aside";
            if (customer.BalanceMicros < 0)
                yield return $"customer {customer.Name} has overspent by {-customer.BalanceMicros}";
        }
    }

    /// <summary>What the operators' own query says.</summary>
    private static IEnumerable<string> Proof(StoreRecord store) =>
        store.Unproven.Select(row => $"ledger_proof: {row.What} of {row.Name} is kept as {row.Kept} and proven as {row.Proven}");
}
