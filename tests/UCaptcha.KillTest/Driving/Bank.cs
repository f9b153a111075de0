using UCaptcha.KillTest.Nodes;
using UCaptcha.TestKit;

namespace UCaptcha.KillTest.Driving;

/// <summary>A customer who pays in advance, and too little: deposits come in while servers die, some of them twice, and small corrections.</summary>
internal sealed class Bank(NodeSet nodes, Journal journal, int seed)
{
    private const string Customer = "acme";
    private const long First = 20_000;
    private const int TwicePercent = 30;
    private const int CorrectionPercent = 25;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);

    private readonly Random _random = new(seed);
    private long _customerId;

    /// <summary>Opens the account, before anything is killed; returns the customer's key.</summary>
    public async Task<RunKey> OpenAsync()
    {
        var life = await nodes.AnyAsync(_random, CancellationToken.None);
        _customerId = await life.Admin.CreateCustomerAsync(Customer, CancellationToken.None);
        var key = new RunKey(Customer, await life.Admin.CreateKeyAsync(Customer, _customerId, CancellationToken.None), RunsOut: true);
        await PayAsync("first", First, _random, CancellationToken.None);
        // The other nodes hear of the key within two seconds.
        await Eventually.TrueAsync(async () =>
            (await Task.WhenAll(nodes.All.Select(node => node.Current).OfType<Incarnation>().Select(other => JsonClient.KnowsAsync(other.Http, key.Text)))).All(knows => knows));
        return key;
    }

    /// <summary>Pays until told to stop; what was begun is paid to its end.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            var amount = _random.Next(100) < CorrectionPercent ? -_random.Next(1, 200) : _random.Next(1000, 5000);
            var twice = _random.Next(100) < TwicePercent;
            var payments = Enumerable.Range(0, twice ? 2 : 1).Select(_ => PayAsync($"payment {number}", amount, new Random(_random.Next()), giveUp));
            await Task.WhenAll(payments.ToArray());
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task PayAsync(string reference, long amount, Random random, CancellationToken giveUp)
    {
        journal.Pay(reference, new Payment(amount, PaymentAnswer.None));
        for (var tries = 1; ; tries++)
        {
            try
            {
                await (await nodes.AnyAsync(random, giveUp)).Admin.AdjustAsync(_customerId, amount, reference, giveUp);
                journal.Pay(reference, new Payment(amount, PaymentAnswer.Booked));
                return;
            }
            catch (CutException cut)
            {
                journal.Cut(cut);
                await Task.Delay(CutException.PauseAfter(tries), giveUp);
            }
            catch (RefusalException refusal)
            {
                journal.Pay(reference, new Payment(amount, PaymentAnswer.Refused));
                // A correction may be more than there is.
                if (amount > 0 || refusal.Code != "ERROR_NOT_POSSIBLE")
                    journal.Outrages.Enqueue($"{reference} of {amount}: {refusal.Message}");
                return;
            }
        }
    }
}
