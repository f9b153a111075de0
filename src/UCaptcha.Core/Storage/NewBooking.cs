using UCaptcha.Core.Billing;

namespace UCaptcha.Core.Storage;

/// <summary>Money that an operator books by hand.</summary>
/// <param name="CustomerId">For whom.</param>
/// <param name="Kind">Deposit or Adjustment.</param>
/// <param name="Amount">A deposit is above zero; an adjustment is anything but zero.</param>
/// <param name="Reference">Makes it safe to repeat: the number of an invoice or a payment, unique per customer; or null.</param>
/// <param name="Note">For people.</param>
public sealed record NewBooking(long CustomerId, LedgerKind Kind, Usd Amount, string? Reference, string Note)
{
    /// <summary>How far bookings may lead a balance from zero: nine trillion dollars, which leaves room for what keys spend and get back.</summary>
    public const long LargestBalanceMicros = 9_000_000_000_000_000_000;

    /// <summary>Whether it leads a balance farther from zero than can be kept.</summary>
    public bool LeadsTooFarFrom(Usd balance)
    {
        var after = (Int128)balance.Micros + Amount.Micros;
        return Amount > Usd.Zero ? after > LargestBalanceMicros : after < -LargestBalanceMicros;
    }
}

/// <summary>What became of a booking.</summary>
public enum BookingResult
{
    /// <summary>Committed.</summary>
    Booked,

    /// <summary>The same booking was made under this reference before. Nothing was booked.</summary>
    Repeated,

    /// <summary>Another booking was made under this reference before. Nothing was booked.</summary>
    ReferenceTaken,

    /// <summary>A limited customer has not that much left beside what its unfinished tasks may cost. Nothing was booked.</summary>
    NotCovered,

    /// <summary>The balance would be more, or the debt, than can be kept: <see cref="NewBooking.LargestBalanceMicros"/>. Nothing was booked.</summary>
    TooMuch,

    /// <summary>There is no such customer. Nothing was booked.</summary>
    UnknownCustomer,
}

/// <summary>What became of a booking.</summary>
/// <param name="Result">The outcome.</param>
/// <param name="Customer">The customer after it, or null when there is none.</param>
public sealed record BookingOutcome(BookingResult Result, StoredCustomer? Customer);
