using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.KillTest.Driving;
using UCaptcha.KillTest.Judging;
using UCaptcha.V1;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Proof.Tests;

/// <summary>The clients of a scenario do what good clients do, over all lives of the server: they try again under the same request id, and go on behind their cursor.</summary>
internal sealed class FaultClients
{
    /// <summary>The task whose solution is called bad.</summary>
    private const int Bad = 2;

    /// <summary>The task that is asked for again when its key may not have it made any more.</summary>
    private const int Withdrawn = 0;

    /// <summary>A task for each: the account it is forced to, or none for the cheapest first, on to the next.</summary>
    private static readonly string[] Providers = ["", "", "good", "unsolvable", "lost"];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>From the end of all tasks until everyone who follows them has heard of it.</summary>
    private static readonly TimeSpan LongestNews = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, ToldTask> _tasks = new();
    private readonly ConcurrentDictionary<string, bool> _badReports = new();
    private readonly ConcurrentDictionary<Guid, TaskView> _again = new();
    private readonly List<(long Cursor, string TaskId, Seen State)> _told = [];
    private string _cursor = "0";

    /// <summary>How many tasks they make.</summary>
    public static int Count => Providers.Length;

    /// <summary>What the site keys of this run begin with.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The tasks that were accepted, and the ends that were seen.</summary>
    public IReadOnlyDictionary<string, ToldTask> Tasks => _tasks;

    /// <summary>Tasks whose solution was called bad, and whether that was answered.</summary>
    public IReadOnlyDictionary<string, bool> BadReports => _badReports;

    /// <summary>What their requests were answered after the purge.</summary>
    public IReadOnlyDictionary<Guid, TaskView> Again => _again;

    /// <summary>What the stream of all ends told.</summary>
    public FeedRecord Feed => new("k", "the feed", _told);

    /// <summary>Submits until it is accepted, watches until it has ended, and follows all ends, as long as the server lives.</summary>
    public async Task ServeAsync(EngineLife life, Func<bool> died)
    {
        using var leave = new CancellationTokenSource();
        var following = FollowAsync(life, died, leave.Token);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(number => ServeAsync(life, number, died)));
        leave.CancelAfter(died() ? TimeSpan.Zero : LongestNews);
        await following;
    }

    /// <summary>Sends every request once more.</summary>
    public Task AskAgainAsync(EngineLife life, Func<bool> died) => Task.WhenAll(Enumerable.Range(0, Count).Select(number => InsistAsync(died, async () =>
    {
        var view = await life.Engine.CreateAsync(Request(number == Withdrawn ? Narrowed(life.Key) : life.Key, number), CancellationToken.None);
        _again[view.Id] = view;
    })));

    /// <summary>Calls until it is answered; false when the server died first.</summary>
    public static async Task<bool> InsistAsync(Func<bool> died, Func<Task> call)
    {
        while (!died())
        {
            try
            {
                await call();
                return true;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(Pause);
            }
            catch (RefusedException refused) when (refused.Code == ErrorCodes.WrongCaptchaId && died())
            {
                return false;
            }
        }

        return false;
    }

    private async Task ServeAsync(EngineLife life, int number, Func<bool> died)
    {
        TaskView? view = null;
        await InsistAsync(died, async () =>
        {
            view = await life.Engine.CreateAsync(Request(life.Key, number), CancellationToken.None);
            while (!view.Ended && !died())
                view = await life.Engine.Views.WaitAsync(life.Key, view.Id, TimeSpan.FromMilliseconds(100), CancellationToken.None);
        });
        if (view is not { Ended: true })
            return;
        See(view, number);
        if (number != Bad || view.Status != TaskStatus.Ready)
            return;
        var id = view.Id.ToString();
        _badReports.TryAdd(id, false);
        if (await InsistAsync(died, () => life.Engine.GiveFeedbackAsync(life.Key, TaskReference.Parse(id), invalid: true, "TOKEN_REJECTED", "", CancellationToken.None)))
            _badReports[id] = true;
    }

    private async Task FollowAsync(EngineLife life, Func<bool> died, CancellationToken leave)
    {
        try
        {
            while (_told.Count < Count && !died())
            {
                await InsistAsync(died, async () =>
                {
                    await foreach (var message in life.Feed.FollowAsync(life.Key, new WatchTasksRequest { Cursor = _cursor }, leave))
                    {
                        Hear(message);
                        if (_told.Count == Count)
                            return;
                    }
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The server died under it, or does not tell of all.
        }
    }

    private void Hear(WatchTasksResponse message)
    {
        _cursor = message.Cursor;
        if (message.HasTaskId)
            _told.Add((long.Parse(message.Cursor, CultureInfo.InvariantCulture), message.TaskId, new Seen(
                message.Status == V1.TaskStatus.Ready ? "ready" : "failed", message.Solution?.GRecaptchaResponse ?? message.ErrorCode)));
    }

    private void See(TaskView view, int number)
    {
        var end = view.Status == TaskStatus.Ready
            ? new Seen("ready", JsonElement.Parse(view.Solution.Span).GetProperty("gRecaptchaResponse").GetString()!)
            : new Seen("failed", view.ErrorCode!);
        _tasks.AddOrUpdate(
            view.Id.ToString(),
            _ => new ToldTask(MarkerOf(number), [("a client", end)]),
            (_, told) => told with { Ends = [.. told.Ends, ("a client", end)] });
    }

    private NewTask Request(ApiKey key, int number) =>
        new(key, Encoding.UTF8.GetBytes($$"""{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.com","websiteKey":"{{MarkerOf(number)}}"}"""), "ucaptcha")
        {
            RequestId = $"request-{number}",
            Provider = Providers[number].Length == 0 ? null : Providers[number],
        };

    private string MarkerOf(int number) => $"{Run}-{number}";

    private static ApiKey Narrowed(ApiKey key)
    {
        Assert.True(DomainRules.TryParse(["example.org"], out var elsewhere, out _));
        return key with { Settings = key.Settings with { AllowedDomains = elsewhere } };
    }
}
