using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.RateLimiting;
using UCaptcha.Server.Stores;

namespace UCaptcha.Server.Hosting;

/// <summary>
/// Lets every node judge alike. Each second it tells the others where the breakers stand that this node opened or closed, and how many requests it
/// has counted; every other second it takes in the accounts' records, to which all nodes add. What gets lost is said again a second later.
/// </summary>
internal sealed class JudgementSharer(
    ITaskNews news, TaskEngine engine, AccountPool pool, AddressRateLimiter addresses, KeyRateLimiter keys, StoreWatch watch, TimeProvider clock)
    : BackgroundService
{
    /// <summary>An address is told of from this share of its limit on: one in twenty.</summary>
    private const int AddressShare = 20;

    private const int MostCounts = 2000;
    private const int MostHeard = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(long Node, string Account), int> _heard = [];

    /// <summary>Takes in what another node says. One at a time.</summary>
    public void Hear(long node, IReadOnlyList<string> words)
    {
        foreach (var fields in words.Select(word => word.Split(' ')))
        {
            if (fields[0] is [JudgementWords.Breaker] && JudgementWords.ReadBreaker(fields) is { } breaker)
                Hear(node, breaker);
            else if (fields[0] is [JudgementWords.Address] && JudgementWords.ReadCount(fields) is { } requests)
                Hear(addresses.WindowNow(), node, requests);
            else if (fields[0] is [JudgementWords.Key] && JudgementWords.ReadCount(fields) is { } uses)
                Hear(keys.Window, node, uses);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
        {
            await watch.DoRoundAsync("Telling what this node knows of the accounts", TellAsync, stoppingToken);
            if (round % 2 == 0)
                await watch.DoRoundAsync("Reading the accounts' records", engine.LoadStatisticsAsync, stoppingToken);
        }
    }

    private async Task TellAsync(CancellationToken stoppingToken) => await news.SayAsync([.. Breakers(), .. Counts()], stoppingToken);

    private static void Hear(RateWindow window, long node, (long Reset, UInt128 Who, long Count) requests)
    {
        if (window.ResetUnixSeconds == requests.Reset)
            window.Hear(node, requests.Who, requests.Count);
    }

    private void Hear(long node, BreakerNews breaker)
    {
        // A node that is heard for the first time closed it before: that is no news.
        var known = _heard.TryGetValue((node, breaker.Account), out var revision);
        if (known ? revision == breaker.Revision : !breaker.Open)
            return;
        // Nodes come and go under ever new numbers.
        if (_heard.Count >= MostHeard)
            _heard.Clear();
        _heard[(node, breaker.Account)] = breaker.Revision;
        pool.HearBreaker(breaker);
    }

    private IEnumerable<string> Breakers() => pool.TellBreakers().Select(JudgementWords.Of);

    private IEnumerable<string> Counts()
    {
        var window = addresses.WindowNow();
        var least = Math.Max(1, addresses.Limit / AddressShare);
        var requests = addresses.Limit == 0 ? [] : window.Tell(least, MostCounts);
        var used = keys.Window;
        return
        [
            .. requests.Select(entry => JudgementWords.Of(JudgementWords.Address, window.ResetUnixSeconds, entry.Address, entry.Count)),
            .. used.Tell(1, MostCounts).Select(entry => JudgementWords.Of(JudgementWords.Key, used.ResetUnixSeconds, entry.Address, entry.Count)),
        ];
    }
}
