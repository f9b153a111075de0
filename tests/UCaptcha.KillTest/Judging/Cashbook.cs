using UCaptcha.KillTest.Driving;

namespace UCaptcha.KillTest.Judging;

/// <summary>Holds the ledger against what clients and the bank were told.</summary>
internal static class Cashbook
{
    public static IEnumerable<string> Compare(Evidence evidence) => [.. Refunds(evidence), .. Payments(evidence)];

    /// <summary>A bad report gives its charge back, once; nothing else does.</summary>
    private static IEnumerable<string> Refunds(Evidence evidence)
    {
        var refunds = evidence.Store.Ledger.Where(row => row.Kind == "refund").ToLookup(row => row.Task);
        foreach (var task in evidence.Store.Tasks)
        {
            var refunded = refunds[task.Task].Sum(row => row.AmountMicros);
            var reported = evidence.BadReports.TryGetValue(task.Task.ToString(), out var stored);
            if (refunded != 0 && !reported)
                yield return $"task {task.Task} was refunded {refunded} and nobody called it bad";
            if (reported && stored && refunded != task.CostMicros)
                yield return $"task {task.Task} was called bad, cost {task.CostMicros} and was refunded {refunded}";
        }
    }

    /// <summary>What was paid in is booked once under its reference, and nothing else is.</summary>
    private static IEnumerable<string> Payments(Evidence evidence)
    {
        var booked = evidence.Store.Ledger.Where(row => row.Kind is "deposit" or "adjustment").ToLookup(row => row.Reference ?? "");
        foreach (var (reference, payment) in evidence.Payments)
        {
            var rows = booked[reference].ToArray();
            if (payment.Answer == PaymentAnswer.Booked && rows.Length != 1)
                yield return $"{reference} was acknowledged and is booked {rows.Length} times";
            if (payment.Answer == PaymentAnswer.Refused && rows.Length != 0)
                yield return $"{reference} was refused and is booked";
            if (rows.Any(row => row.AmountMicros != payment.AmountMicros))
                yield return $"{reference} of {payment.AmountMicros} is booked as {string.Join(", ", rows.Select(row => row.AmountMicros))}";
        }

        foreach (var stranger in booked.Where(group => !evidence.Payments.ContainsKey(group.Key)))
            yield return $"{stranger.Key} is booked and nobody paid it";
    }
}
