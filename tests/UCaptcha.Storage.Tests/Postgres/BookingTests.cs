using System.Text.Json;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>Several nodes book for one customer at the same time.</summary>
public sealed class BookingTests : IAsyncLifetime
{
    private readonly PostgresHost _host = new();
    private PostgresStore _a = null!;
    private PostgresStore _b = null!;

    private static CancellationToken None => CancellationToken.None;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Book_SixtyAtOnceOverTwoNodes_TheAuditLogHasEachBalanceOnce(bool limited)
    {
        var customer = (await _a.CreateCustomerAsync(new NewCustomer("acme", limited), Make.By, None))!;

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
            (await Node(i).BookAsync(Deposit(customer, $"invoice {i}"), Make.By, None)).Result)));

        Assert.All(results, result => Assert.Equal(BookingResult.Booked, result));
        var balances = (await _a.ListAuditAsync(new AuditFilter { Action = "customer.deposit" }, long.MaxValue, 100, None))
            .Select(entry => (Balance(entry.Before), Balance(entry.After)));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (i * 0.001m, (i + 1) * 0.001m)), balances.Order());
    }

    public async ValueTask InitializeAsync()
    {
        _a = await _host.OpenPostgresAsync();
        _b = await _host.OpenPostgresAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _host.DisposeAsync();
    }

    private static NewBooking Deposit(StoredCustomer customer, string reference) =>
        new(customer.Id, LedgerKind.Deposit, new Usd(1000), reference, "");

    private static decimal Balance(string? json) => JsonDocument.Parse(json!).RootElement.GetProperty("balanceUsd").GetDecimal();

    private PostgresStore Node(int i) => i % 2 == 0 ? _a : _b;
}
