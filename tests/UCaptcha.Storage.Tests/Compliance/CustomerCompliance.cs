using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class CustomerCompliance(IStoreHost host) : StoreCompliance(host)
{
    /// <summary>Every sum that is proven: what the proof calls it, where it is kept, and what it is in the test.</summary>
    public static TheoryData<string, string, string, long> Sums { get; } = new()
    {
        { "customer.balance", "customers", "balance_micros", 50 },
        { "customer.reserved", "customers", "reserved_micros", 40 },
        { "key.spent", "api_keys", "spent_micros", 50 },
        { "key.reserved", "api_keys", "reserved_micros", 40 },
    };

    [Fact]
    public async Task ListCustomers_NewDatabase_HasTheUnlimitedDefault()
    {
        var customer = Assert.Single(await Customers.ListCustomersAsync(0, 10, None));

        Assert.Equal((StoredCustomer.DefaultId, "default", false, Usd.Zero), (customer.Id, customer.Name, customer.Limited, customer.Balance));
    }

    [Fact]
    public async Task CreateCustomer_NameTaken_IsRefused()
    {
        await AddCustomerAsync("acme", deposit: 1);

        Assert.Null(await Customers.CreateCustomerAsync(new NewCustomer("acme", Limited: false), Make.By, None));
        Assert.Null(await Customers.RenameCustomerAsync(StoredCustomer.DefaultId, "acme", Make.By, None));
        Assert.Null(await Customers.RenameCustomerAsync(99, "other", Make.By, None));
        Assert.Equal("house", (await Customers.RenameCustomerAsync(StoredCustomer.DefaultId, "house", Make.By, None))!.Name);
    }

    [Fact]
    public async Task Book_SameReference_IsBookedOnce()
    {
        var customer = await AddCustomerAsync("acme", deposit: 10);
        var deposit = new NewBooking(customer.Id, LedgerKind.Deposit, new Usd(100), "invoice 7", "");

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => (await Customers.BookAsync(deposit, Make.By, None)).Result)));

        Assert.Single(results, BookingResult.Booked);
        Assert.Equal(19, results.Count(result => result == BookingResult.Repeated));
        Assert.Equal(BookingResult.ReferenceTaken, (await Customers.BookAsync(deposit with { Amount = new Usd(99) }, Make.By, None)).Result);
        await AssertCustomerAsync(customer.Id, balance: 110, reserved: 0);
        await AssertEveryCentAddsUpAsync();
    }

    [Fact]
    public async Task Book_AdjustmentBelowWhatIsSetAside_IsRefused()
    {
        var customer = await AddCustomerAsync("acme", deposit: 100);
        await AddTaskAsync((await AddKeyAsync(customer, "a")).Id, reserve: 60);

        Assert.Equal(BookingResult.NotCovered, (await BookAsync(customer.Id, -41)).Result);
        Assert.Equal(BookingResult.Booked, (await BookAsync(customer.Id, -40)).Result);
        Assert.Equal(BookingResult.UnknownCustomer, (await BookAsync(99, -1)).Result);
        await AssertCustomerAsync(customer.Id, balance: 60, reserved: 60);
        await AssertEveryCentAddsUpAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Book_MoreThanABalanceCanBe_IsRefusedAndNothingIsBooked(bool limited)
    {
        var customer = (await Customers.CreateCustomerAsync(new NewCustomer("acme", limited), Make.By, None))!;
        await AddKeyAsync(customer, "a");
        Assert.Equal(BookingResult.TooMuch, (await BookAsync(customer.Id, long.MaxValue)).Result);
        Assert.Equal(BookingResult.Booked, (await BookAsync(customer.Id, NewBooking.LargestBalanceMicros - 1)).Result);

        Assert.Equal(BookingResult.TooMuch, (await BookAsync(customer.Id, 2)).Result);
        Assert.Equal(BookingResult.TooMuch, (await BookAsync(customer.Id, long.MaxValue)).Result);
        Assert.Equal(BookingResult.Booked, (await BookAsync(customer.Id, 1)).Result);
        await AssertCustomerAsync(customer.Id, NewBooking.LargestBalanceMicros, reserved: 0);
        Assert.Equal([NewBooking.LargestBalanceMicros - 1, 1], Host.ReadLedger().Select(row => row.AmountMicros));
        await AssertEveryCentAddsUpAsync();
    }

    [Fact]
    public async Task Book_MoreThanADebtCanBe_IsRefusedAndNothingIsBooked()
    {
        Assert.Equal(BookingResult.TooMuch, (await BookAsync(StoredCustomer.DefaultId, long.MinValue)).Result);
        Assert.Equal(BookingResult.Booked, (await BookAsync(StoredCustomer.DefaultId, -NewBooking.LargestBalanceMicros)).Result);

        Assert.Equal(BookingResult.TooMuch, (await BookAsync(StoredCustomer.DefaultId, -1)).Result);
        Assert.Equal(BookingResult.Booked, (await BookAsync(StoredCustomer.DefaultId, 1)).Result);
        await AssertCustomerAsync(StoredCustomer.DefaultId, 1 - NewBooking.LargestBalanceMicros, reserved: 0);
    }

    [Fact]
    public async Task Accept_LimitedCustomer_ReservesFromItsBalanceAcrossItsKeys()
    {
        var customer = await AddCustomerAsync("acme", deposit: 100);
        var (a, b) = (await AddKeyAsync(customer, "a"), await AddKeyAsync(customer, "b", budget: 1000));
        var task = await AddSubmittedTaskAsync(a.Id, reserve: 60);

        Assert.Equal(AcceptResult.BalanceUsedUp, (await Tasks.AcceptAsync(Make.Task(b.Id, reserve: 41), None)).Result);
        await AssertUsageAsync(b.Id, spent: 0, reserved: 0);
        await AddTaskAsync(b.Id, reserve: 40);
        await AssertCustomerAsync(customer.Id, balance: 100, reserved: 100);

        await Tasks.FinishAsync(Make.Ready(task, charge: 50, Solved(task, cost: 50)), None);
        await AssertCustomerAsync(customer.Id, balance: 50, reserved: 40);
        await AssertEveryCentAddsUpAsync();
    }

    [Fact]
    public async Task Accept_BudgetUsedUp_LeavesTheCustomerAlone()
    {
        var customer = await AddCustomerAsync("acme", deposit: 100);
        var key = await AddKeyAsync(customer, "a", budget: 10);

        Assert.Equal(AcceptResult.BudgetUsedUp, (await Tasks.AcceptAsync(Make.Task(key.Id, reserve: 11), None)).Result);

        await AssertCustomerAsync(customer.Id, balance: 100, reserved: 0);
    }

    [Fact]
    public async Task Accept_AThousandAtOnceWithTenKeys_NeverReservesAMicroDollarTooMuch()
    {
        var customer = await AddCustomerAsync("acme", deposit: 299_999);
        var keys = new List<StoredKey>();
        for (var i = 0; i < 10; i++)
            keys.Add(await AddKeyAsync(customer, $"k{i}"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(async () =>
            (await Tasks.AcceptAsync(Make.Task(keys[i % 10].Id, reserve: 1000), None)).Result)));

        Assert.Equal(299, outcomes.Count(o => o == AcceptResult.Accepted));
        Assert.Equal(701, outcomes.Count(o => o == AcceptResult.BalanceUsedUp));
        await AssertCustomerAsync(customer.Id, balance: 299_999, reserved: 299_000);
        await AssertEveryCentAddsUpAsync();
    }

    [Fact]
    public async Task Find_UnlimitedCustomer_OwesWhatItsKeysWereCharged()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id, reserve: 100);
        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 90)), None);
        await Customers.BookAsync(new NewBooking(StoredCustomer.DefaultId, LedgerKind.Deposit, new Usd(50), null, ""), Make.By, None);

        await AssertCustomerAsync(StoredCustomer.DefaultId, balance: -20, reserved: 0);
        Assert.Equal(
            [(LedgerKind.OperatorLoss, 20L), (LedgerKind.Charge, 70), (LedgerKind.Deposit, 50)],
            (await Ledger.ListLedgerAsync(new LedgerFilter { CustomerId = StoredCustomer.DefaultId }, 0, 10, None)).Select(e => (e.Kind, e.Amount.Micros)));
    }

    [Theory]
    [MemberData(nameof(Sums))]
    public async Task VerifyLedger_ASumWasChangedBehindTheStore_IsFound(string what, string table, string column, long proven)
    {
        var customer = await AddCustomerAsync("acme", deposit: 100);
        var key = await AddKeyAsync(customer, "acme", budget: 1000);
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 60);
        await Tasks.FinishAsync(Make.Ready(task, charge: 50, Solved(task, cost: 50)), None);
        await AddTaskAsync(key.Id, reserve: 40);
        await AssertEveryCentAddsUpAsync();

        foreach (var kept in (long[])[proven - 1, proven + 1])
        {
            Host.Execute($"UPDATE {table} SET {column} = {kept} WHERE name = 'acme'");

            var verdict = await Ledger.VerifyLedgerAsync(None);

            var id = table == "customers" ? customer.Id : key.Id;
            Assert.Equal(new LedgerDifference(what, id, "acme", new Usd(kept), new Usd(proven)), Assert.Single(verdict.Differences));
            Assert.Equal(Sums.Count, verdict.Checked);
        }
    }

    private ValueTask<BookingOutcome> BookAsync(long customerId, long amount) =>
        Customers.BookAsync(new NewBooking(customerId, LedgerKind.Adjustment, new Usd(amount), Reference: null, "set right"), Make.By, None);
}
