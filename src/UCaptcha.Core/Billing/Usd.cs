using System.Globalization;

namespace UCaptcha.Core.Billing;

/// <summary>An amount of money in whole micro-dollars. Sums are exact.</summary>
/// <param name="Micros">Millionths of a US dollar.</param>
public readonly record struct Usd(long Micros) : IComparable<Usd>
{
    /// <summary>Nothing.</summary>
    public static Usd Zero => default;

    /// <summary>Rounds half away from zero to whole micro-dollars.</summary>
    /// <exception cref="OverflowException">Beyond about 9.2 trillion dollars.</exception>
    public static Usd FromDollars(decimal dollars) =>
        new(decimal.ToInt64(decimal.Round(dollars * 1_000_000m, MidpointRounding.AwayFromZero)));

    /// <summary>A list price as providers print it: dollars for a thousand solves.</summary>
    public static Usd PerThousand(decimal dollars) => FromDollars(dollars / 1000m);

    /// <summary>The amount in dollars, exactly.</summary>
    public decimal ToDollars() => Micros / 1_000_000m;

    /// <summary>The amount in dollars, for the double fields of the contract.</summary>
    public double ToDouble() => (double)ToDollars();

    /// <inheritdoc/>
    public int CompareTo(Usd other) => Micros.CompareTo(other.Micros);

    /// <summary>The smaller of two amounts.</summary>
    public static Usd Min(Usd a, Usd b) => a.Micros <= b.Micros ? a : b;

    /// <summary>The larger of two amounts.</summary>
    public static Usd Max(Usd a, Usd b) => a.Micros >= b.Micros ? a : b;

    /// <summary>Adds, failing on overflow.</summary>
    public static Usd operator +(Usd a, Usd b) => new(checked(a.Micros + b.Micros));

    /// <summary>Subtracts, failing on overflow.</summary>
    public static Usd operator -(Usd a, Usd b) => new(checked(a.Micros - b.Micros));

    /// <summary>Whether a is less than b.</summary>
    public static bool operator <(Usd a, Usd b) => a.Micros < b.Micros;

    /// <summary>Whether a is more than b.</summary>
    public static bool operator >(Usd a, Usd b) => a.Micros > b.Micros;

    /// <summary>Whether a is at most b.</summary>
    public static bool operator <=(Usd a, Usd b) => a.Micros <= b.Micros;

    /// <summary>Whether a is at least b.</summary>
    public static bool operator >=(Usd a, Usd b) => a.Micros >= b.Micros;

    /// <summary>Dollars with up to six decimals, such as <c>0.00299</c>.</summary>
    public override string ToString() => ToDollars().ToString("0.######", CultureInfo.InvariantCulture);
}
