using System.Data;
using Dapper;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Customers and what is booked for them by hand.</summary>
internal static class CustomerRows
{
    private sealed class Row
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public long Limited { get; init; }
        public long BalanceMicros { get; init; }
        public long ReservedMicros { get; init; }
        public long CreatedAt { get; init; }

        public StoredCustomer ToCustomer() =>
            new(Id, Name, Limited != 0, new Usd(BalanceMicros), new Usd(ReservedMicros), DbValue.ToTime(CreatedAt));
    }

    private sealed class BookedRow
    {
        public string Kind { get; init; } = "";
        public long AmountMicros { get; init; }
    }

    public static StoredCustomer? Find(IDbConnection connection, long id) =>
        connection.QuerySingleOrDefault<Row>(CustomerSql.ById, new { id })?.ToCustomer();

    public static IReadOnlyList<StoredCustomer> List(IDbConnection connection, (long AfterId, int Limit) page) =>
        [.. connection.Query<Row>(CustomerSql.Page, new { afterId = page.AfterId, limit = page.Limit }).Select(row => row.ToCustomer())];

    public static StoredCustomer? Create(IDbConnection connection, (NewCustomer Customer, ChangedBy By) create)
    {
        var (customer, by) = create;
        var id = connection.QuerySingleOrDefault<long?>(CustomerSql.Insert, new { customer.Name, Limited = customer.Limited ? 1 : 0, At = by.At.ToDb() });
        if (id is null)
            return null;
        AuditRows.Append(connection, by, "customer.create", Subject(id.Value), before: null, new { customer.Name, customer.Limited });
        return Find(connection, id.Value);
    }

    public static StoredCustomer? Rename(IDbConnection connection, (long Id, string Name, ChangedBy By) rename)
    {
        var (id, name, by) = rename;
        if (Hold(connection, id) is not { } before || connection.Execute(CustomerSql.Rename, new { id, name }) == 0)
            return null;
        AuditRows.Append(connection, by, "customer.rename", Subject(id), new { before.Name }, new { Name = name });
        return Find(connection, id);
    }

    public static BookingOutcome Book(IDbConnection connection, (NewBooking Booking, ChangedBy By) book)
    {
        var (booking, by) = book;
        if (Hold(connection, booking.CustomerId) is not { } before)
            return new BookingOutcome(BookingResult.UnknownCustomer, Customer: null);
        if (booking.Reference is not null && Earlier(connection, booking) is { } earlier)
            return new BookingOutcome(earlier, before);
        if (booking.LeadsTooFarFrom(before.Balance))
            return new BookingOutcome(BookingResult.TooMuch, before);
        if (before.Limited && connection.Execute(CustomerSql.Book, new { amount = booking.Amount.Micros, id = before.Id }) == 0)
            return new BookingOutcome(BookingResult.NotCovered, before);
        var kind = LedgerKinds.ToDb(booking.Kind);
        connection.Execute(LedgerSql.AppendByHand, new
        {
            At = by.At.ToDb(),
            booking.CustomerId,
            Kind = kind,
            AmountMicros = booking.Amount.Micros,
            booking.Reference,
            booking.Note,
        });
        var after = Find(connection, before.Id)!;
        // What the keys of an unlimited customer spend is part of its balance, and they may have spent since it was held.
        AuditRows.Append(
            connection,
            by,
            $"customer.{kind}",
            Subject(before.Id),
            new { BalanceUsd = (after.Balance - booking.Amount).ToDollars() },
            new { BalanceUsd = after.Balance.ToDollars(), AmountUsd = booking.Amount.ToDollars(), booking.Reference, booking.Note });
        return new BookingOutcome(BookingResult.Booked, after);
    }

    private static StoredCustomer? Hold(IDbConnection connection, long id) =>
        connection.Execute(CustomerSql.Hold, new { id }) == 0 ? null : Find(connection, id);

    private static BookingResult? Earlier(IDbConnection connection, NewBooking booking) =>
        connection.QuerySingleOrDefault<BookedRow>(LedgerSql.ByReference, new { booking.CustomerId, booking.Reference }) switch
        {
            null => null,
            var row when row.Kind == LedgerKinds.ToDb(booking.Kind) && row.AmountMicros == booking.Amount.Micros => BookingResult.Repeated,
            _ => BookingResult.ReferenceTaken,
        };

    private static string Subject(long id) => $"customer/{id}";
}
