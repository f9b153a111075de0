using UCaptcha.Core;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.V1;
using LedgerKind = UCaptcha.V1.LedgerKind;

namespace UCaptcha.Server.Admin;

/// <summary>Adds customers and books what they pay.</summary>
internal sealed class CustomerDesk(ICustomerStore store)
{
    private const int LongestReference = 128;
    private const int LongestNote = 500;

    /// <summary>A billion dollars, so that thousands of such bookings add up to a number that can be kept.</summary>
    private const long LargestAmount = 1_000_000_000_000_000;

    /// <exception cref="RefusedException">The name cannot be used.</exception>
    public async Task<Customer> CreateAsync(CreateCustomerRequest request, ChangedBy by, CancellationToken cancellationToken)
    {
        Names.Check(request.Name);
        return await store.CreateCustomerAsync(new NewCustomer(request.Name, request.Limited), by, cancellationToken) is { } customer
            ? Render(customer)
            : throw Names.Taken("customer", request.Name);
    }

    /// <exception cref="RefusedException">There is none of this id.</exception>
    public async Task<Customer> GetAsync(long id, CancellationToken cancellationToken) => Render(await FindAsync(id, cancellationToken));

    /// <exception cref="RefusedException">The page cannot be had.</exception>
    public async Task<ListCustomersResponse> ListAsync(ListCustomersRequest request, CancellationToken cancellationToken)
    {
        var size = Paging.Size(request.PageSize);
        var page = await store.ListCustomersAsync(Paging.Number(request.PageToken, first: 0), size, cancellationToken);
        return new ListCustomersResponse { Customers = { page.Select(Render) }, NextPageToken = Paging.Next(page, size, customer => customer.Id) };
    }

    /// <exception cref="RefusedException">There is none of this id, or the name cannot be used.</exception>
    public async Task<Customer> RenameAsync(UpdateCustomerRequest request, ChangedBy by, CancellationToken cancellationToken)
    {
        Names.Check(request.Name);
        await FindAsync(request.CustomerId, cancellationToken);
        return await store.RenameCustomerAsync(request.CustomerId, request.Name, by, cancellationToken) is { } customer
            ? Render(customer)
            : throw Names.Taken("customer", request.Name);
    }

    /// <exception cref="RefusedException">The booking cannot be made; nothing was booked.</exception>
    public async Task<AdjustBalanceResponse> AdjustAsync(AdjustBalanceRequest request, ChangedBy by, CancellationToken cancellationToken)
    {
        var outcome = await store.BookAsync(Read(request), by, cancellationToken);
        return outcome.Result switch
        {
            BookingResult.Booked => new AdjustBalanceResponse { Customer = Render(outcome.Customer!) },
            BookingResult.Repeated => new AdjustBalanceResponse { Customer = Render(outcome.Customer!), Repeated = true },
            BookingResult.ReferenceTaken => throw AdminRefusals.Taken("reference", "Another booking was made under this reference."),
            BookingResult.NotCovered => throw AdminRefusals.NotNow("The customer has not that much left beside what its unfinished tasks may cost."),
            BookingResult.TooMuch => throw AdminRefusals.Bad(
                "amountMicros", $"amountMicros leads to a balance beyond {NewBooking.LargestBalanceMicros} micro-dollars, above or below zero, which cannot be kept."),
            _ => throw AdminRefusals.NotFound("customerId", "customer"),
        };
    }

    private static NewBooking Read(AdjustBalanceRequest request)
    {
        var kind = request.Kind switch
        {
            LedgerKind.Deposit => Core.Billing.LedgerKind.Deposit,
            LedgerKind.Adjustment => Core.Billing.LedgerKind.Adjustment,
            _ => throw AdminRefusals.Bad("kind", "kind must be deposit or adjustment."),
        };
        if (request.AmountMicros == 0 || (kind == Core.Billing.LedgerKind.Deposit && request.AmountMicros < 0))
            throw AdminRefusals.Bad("amountMicros", "amountMicros must be above 0 for a deposit, and anything but 0 for an adjustment.");
        if (request.AmountMicros is > LargestAmount or < -LargestAmount)
            throw AdminRefusals.Bad("amountMicros", "amountMicros must be between -1000000000000000 and 1000000000000000.");
        if (request.Reference.Length > LongestReference || request.Reference.Any(char.IsControl))
            throw AdminRefusals.Bad("reference", "reference must have at most 128 characters, none of them a control character.");
        if (request.Note.Length > LongestNote || request.Note.Contains('\0'))
            throw AdminRefusals.Bad("note", "note must have at most 500 characters, none of them U+0000.");
        var reference = request.Reference.Length > 0 ? request.Reference : null;
        return new NewBooking(request.CustomerId, kind, new Usd(request.AmountMicros), reference, request.Note);
    }

    private async Task<StoredCustomer> FindAsync(long id, CancellationToken cancellationToken) =>
        await store.FindCustomerAsync(id, cancellationToken) ?? throw AdminRefusals.NotFound("customerId", "customer");

    private static Customer Render(StoredCustomer customer) => new()
    {
        Id = customer.Id,
        Name = customer.Name,
        Limited = customer.Limited,
        BalanceMicros = customer.Balance.Micros,
        ReservedMicros = customer.Reserved.Micros,
        CreatedAt = customer.CreatedAt.ToMessage(),
    };
}
