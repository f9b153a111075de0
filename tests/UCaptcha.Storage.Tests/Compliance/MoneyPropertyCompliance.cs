using FsCheck;
using FsCheck.Fluent;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

/// <summary>Random lives of tasks of one customer with two keys, compared with a model step by step, and side by side with invariants only.</summary>
public abstract class MoneyPropertyCompliance(IStoreHost host, int runs = 60) : StoreCompliance(host)
{
    private int _round;

    [Fact]
    public void Money_AnyOrderOfSteps_IsWhatTheModelSays() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(runs),
        Prop.ForAll(Steps(60), steps =>
        {
            RunAsync(steps).GetAwaiter().GetResult();
            return true;
        }));

    [Fact]
    public void Money_StepsSideBySide_EveryCentAddsUp() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(runs / 3),
        Prop.ForAll(Steps(200), steps =>
        {
            RunSideBySideAsync(steps).GetAwaiter().GetResult();
            return true;
        }));

    private static Arbitrary<Step[]> Steps(int most) => Gen.ArrayOf(
        from kind in Gen.Elements(Enum.GetValues<StepKind>())
        from target in Gen.Choose(0, 9)
        from amount in Gen.Choose(0, 120)
        select new Step(kind, target, amount)).Resize(most).ToArbitrary();

    private async Task RunAsync(Step[] steps)
    {
        var world = await NewWorldAsync();
        foreach (var step in steps)
        {
            await world.TakeAsync(step);
            await AssertCustomerAsync(world.Customer.Id, world.Model.Balance, world.Model.Reserved);
        }

        for (var i = 0; i < world.Keys.Length; i++)
            await AssertUsageAsync(world.Keys[i].Id, world.Model.Spent[i], world.Model.Tasks.Where(t => t.Key == i).Sum(t => t.Held));
        await AssertEveryCentAddsUpAsync();
    }

    private async Task RunSideBySideAsync(Step[] steps)
    {
        var worlds = new[] { await NewWorldAsync(), await NewWorldAsync() };
        var shared = worlds[0];
        // Four walkers on one customer's keys, each with tasks of its own.
        var walkers = Enumerable.Range(0, 4).Select(_ => new World(Tasks, Customers, shared.Customer, shared.Keys, Budget)).ToArray();
        await Task.WhenAll(walkers.Select((walker, i) => Task.Run(async () =>
        {
            foreach (var step in steps.Skip(i * steps.Length / 4).Take(steps.Length / 4))
                await walker.TakeAsync(step);
        })));
        await AssertEveryCentAddsUpAsync();
        var customer = await Customers.FindCustomerAsync(shared.Customer.Id, None);
        Assert.True(customer!.Available >= Usd.Zero);
        foreach (var key in shared.Keys)
        {
            var usage = await Keys.GetUsageAsync(key.Id, None);
            Assert.True(key.Budget is not { } budget || usage.Spent + usage.Reserved <= budget);
        }
    }

    private const long Budget = 250;

    private async Task<World> NewWorldAsync()
    {
        var round = Interlocked.Increment(ref _round);
        var customer = await AddCustomerAsync($"customer {round}", deposit: 400);
        StoredKey[] keys = [await AddKeyAsync(customer, $"limited {round}", Budget), await AddKeyAsync(customer, $"free {round}")];
        return new World(Tasks, Customers, customer, keys, Budget);
    }

    private enum StepKind
    {
        Accept,
        Begin,
        Close,
        Solve,
        Fail,
        Report,
        Deposit,
        Adjust,
    }

    private sealed record Step(StepKind Kind, int Target, int Amount);

    private sealed class ModelTask
    {
        public required StoredTask Stored { get; init; }

        public required int Key { get; init; }

        public long Held { get; set; }

        public int Attempts { get; set; }

        public bool UnderWay { get; set; }

        public bool Ended { get; set; }

        public long? Charge { get; set; }

        public bool Reported { get; set; }
    }

    private sealed class Model
    {
        public long Balance { get; set; }

        public long[] Spent { get; } = [0, 0];

        public List<ModelTask> Tasks { get; } = [];

        public long Reserved => Tasks.Sum(task => task.Held);
    }

    /// <summary>A walker: takes steps on the store and on the model. Where several share a customer, only its own tasks' steps are asserted.</summary>
    private sealed class World(ITaskStore store, ICustomerStore customers, StoredCustomer customer, StoredKey[] keys, long budget)
    {
        public StoredCustomer Customer { get; } = customer;

        public StoredKey[] Keys { get; } = keys;

        public Model Model { get; } = new() { Balance = customer.Balance.Micros };

        public async Task TakeAsync(Step step)
        {
            switch (step.Kind)
            {
                case StepKind.Accept:
                    await AcceptAsync(step.Target % 2, step.Amount);
                    break;
                case StepKind.Begin when Pick(step, task => !task.Ended && !task.UnderWay) is { } task:
                    await BeginAsync(task, step.Amount);
                    break;
                case StepKind.Close when Pick(step, task => task.UnderWay) is { } task:
                    await store.CloseAttemptAsync(Make.AttemptEnd(task.Stored.Id, task.Attempts, cost: step.Amount), None);
                    task.UnderWay = false;
                    break;
                case StepKind.Solve when Pick(step, task => task.UnderWay) is { } task:
                    await SolveAsync(task, step.Amount);
                    break;
                case StepKind.Fail when Pick(step, task => !task.Ended) is { } task:
                    await store.FinishAsync(Make.Failed(task.Stored, task.UnderWay ? Make.AttemptEnd(task.Stored.Id, task.Attempts, cost: step.Amount) : null), None);
                    (task.Held, task.Ended, task.UnderWay) = (0, true, false);
                    break;
                case StepKind.Report when Pick(step, task => task.Charge is not null) is { } task:
                    await ReportAsync(task);
                    break;
                case StepKind.Deposit:
                    await BookAsync(LedgerKind.Deposit, step.Amount + 1);
                    break;
                case StepKind.Adjust:
                    await BookAsync(LedgerKind.Adjustment, -step.Amount - 1);
                    break;
            }
        }

        private async Task AcceptAsync(int key, long reserve)
        {
            var task = Make.Task(Keys[key].Id, reserve);
            if ((await store.AcceptAsync(task, None)).Result == AcceptResult.Accepted)
                Model.Tasks.Add(new ModelTask { Stored = task, Key = key, Held = reserve });
        }

        private async Task BeginAsync(ModelTask task, long price)
        {
            if (!await store.BeginAttemptAsync(Make.Attempt(task.Stored.Id, task.Attempts + 1), new Usd(price), None))
                return;
            (task.Attempts, task.UnderWay, task.Held) = (task.Attempts + 1, true, Math.Max(task.Held, price));
        }

        private async Task SolveAsync(ModelTask task, long cost)
        {
            var charge = Math.Min(cost, task.Held);
            var end = Make.AttemptEnd(task.Stored.Id, task.Attempts, AttemptState.Solved, cost);
            await store.FinishAsync(Make.Ready(task.Stored, charge, end), None);
            (task.Held, task.Ended, task.UnderWay, task.Charge) = (0, true, false, charge);
            Model.Balance -= charge;
            Model.Spent[task.Key] += charge;
        }

        private async Task ReportAsync(ModelTask task)
        {
            var taken = await store.AddFeedbackAsync(new Feedback(task.Stored.Id, Invalid: true, "1001", "", Make.Start) { Refund = true }, null, None);
            Assert.Equal(!task.Reported, taken);
            if (!taken)
                return;
            task.Reported = true;
            Model.Balance += task.Charge!.Value;
            Model.Spent[task.Key] -= task.Charge.Value;
        }

        private async Task BookAsync(LedgerKind kind, long amount)
        {
            var booked = await customers.BookAsync(new NewBooking(Customer.Id, kind, new Usd(amount), Reference: null, ""), Make.By, None);
            if (booked.Result == BookingResult.Booked)
                Model.Balance += amount;
            else
                Assert.Equal(BookingResult.NotCovered, booked.Result);
        }

        private ModelTask? Pick(Step step, Func<ModelTask, bool> fits)
        {
            Assert.True(Model.Spent[0] <= budget);
            var fitting = Model.Tasks.Where(fits).ToList();
            return fitting.Count == 0 ? null : fitting[step.Target % fitting.Count];
        }
    }
}
