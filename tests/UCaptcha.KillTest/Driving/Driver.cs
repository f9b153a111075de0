using UCaptcha.KillTest.Nodes;

namespace UCaptcha.KillTest.Driving;

/// <summary>Customers: they submit at a steady rate, try again as good clients do, and follow what was accepted to its end.</summary>
internal sealed class Driver(KillOptions options, NodeSet nodes, KeyRing keys, string receiver, Journal journal)
{
    private const int MostUnderWay = 1000;
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(150);

    private readonly List<Task> _underWay = [];

    /// <summary>Submits until told to stop, then waits until every accepted task was followed to its end.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / options.Rate));
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var submission = new Submission(options.Seed, number, keys, receiver);
            _underWay.RemoveAll(task => task.IsCompletedSuccessfully);
            if (_underWay.Count < MostUnderWay)
                _underWay.Add(Task.Run(() => HandInAsync(submission, giveUp), CancellationToken.None));
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(_underWay);
    }

    /// <summary>Asks once more for every accepted task.</summary>
    public Task AskAgainAsync(CancellationToken giveUp) => Parallel.ForEachAsync(journal.Tasks, giveUp, async (task, cancellation) =>
    {
        var random = new Random(task.Key.GetHashCode(StringComparison.Ordinal));
        await AcceptNoRefusalAsync($"task {task.Key} at the end", async () =>
        {
            var end = await PersistAsync(random, client => client.ResultAsync(task.Value.Submission.Key.Text, task.Key, cancellation), cancellation);
            if (end.Ended)
                journal.See(task.Key, end, "at the end");
            else
                journal.Outrages.Enqueue($"task {task.Key} was {end.Status} at the end");
        });
    });

    /// <summary>Uses request ids of before again, as a client does that lost its memory: the same task, and never another one under the same id.</summary>
    public async Task RepeatAsync(int seed, int count, CancellationToken giveUp)
    {
        var random = new Random(seed);
        var known = journal.Tasks.Where(task => task.Value.Submission.RequestId is not null).ToArray();
        random.Shuffle(known);
        foreach (var (id, task) in known.Take(count))
        {
            journal.Repeat();
            await AcceptNoRefusalAsync($"task {id} when its request id is used again", async () =>
            {
                var again = await PersistAsync(random, client => client.CreateAsync(task.Submission, giveUp), giveUp);
                if (again != id)
                    journal.Outrages.Enqueue($"task {id} is {again} when its request id is used again");
            });
        }

        if (known.Length > 0)
            await MisuseAsync(known[0].Value.Submission, random, giveUp);
    }

    private async Task MisuseAsync(Submission submission, Random random, CancellationToken giveUp)
    {
        try
        {
            var other = submission with { Marker = submission.Marker + "-other" };
            var id = await PersistAsync(random, client => client.CreateAsync(other, giveUp), giveUp);
            journal.Outrages.Enqueue($"task {id} answers another request under the request id {submission.RequestId}");
        }
        catch (RefusalException refusal) when (refusal.Code == "ERROR_DUPLICATE_REQUEST")
        {
            // As it should be.
        }
        catch (RefusalException refusal)
        {
            journal.Outrages.Enqueue($"request id {submission.RequestId} of another request: {refusal.Message}");
        }
    }

    private async Task HandInAsync(Submission submission, CancellationToken giveUp)
    {
        journal.Submit();
        var second = submission.Twice ? SubmitAsync(submission, new Random(submission.Random.Next()), giveUp) : null;
        var id = await SubmitAsync(submission, submission.Random, giveUp);
        if (second is not null && await second is { } other && id is not null && other != id)
            journal.Outrages.Enqueue($"{submission.Marker}: one request id, two tasks: {id} and {other}");
        if (id is not null)
            await FollowAsync(submission, id, giveUp);
    }

    private async Task<string?> SubmitAsync(Submission submission, Random random, CancellationToken giveUp)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var id = await Client(random, await nodes.AnyAsync(random, giveUp)).CreateAsync(submission, giveUp);
                journal.Acknowledge(id, submission);
                return id;
            }
            catch (CutException cut)
            {
                journal.Cut(cut);
                if (submission.RequestId is null)
                {
                    journal.Abandon();
                    return null;
                }

                await Task.Delay(CutException.PauseAfter(tries), giveUp);
            }
            catch (RefusalException refusal)
            {
                if (refusal.Code == "ERROR_ZERO_BALANCE" && submission.Key.RunsOut)
                    journal.Refuse();
                else
                    journal.Outrages.Enqueue($"{submission.Marker}: createTask answered {refusal.Message}");
                return null;
            }
        }
    }

    private async Task FollowAsync(Submission submission, string id, CancellationToken giveUp)
    {
        if (submission.Observer != Observer.Nobody)
            await ObserveAsync(submission, id, giveUp);
        if (submission.IsBad && journal.Tasks[id].Ends.Any(end => end.State.Status == "ready"))
            await ReportBadAsync(submission, id, giveUp);
    }

    private async Task ReportBadAsync(Submission submission, string id, CancellationToken giveUp)
    {
        journal.ReportBad(id, stored: false);
        await AcceptNoRefusalAsync($"task {id} when it is called bad", async () =>
        {
            await PersistAsync(submission.Random, async client =>
            {
                await client.ReportBadAsync(submission.Key.Text, id, giveUp);
                return true;
            }, giveUp);
            journal.ReportBad(id, stored: true);
        });
    }

    /// <summary>What is asked of an accepted task is never refused for good.</summary>
    private async Task AcceptNoRefusalAsync(string what, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RefusalException refusal)
        {
            journal.Outrages.Enqueue($"{what}: {refusal.Message}");
        }
    }

    private async Task ObserveAsync(Submission submission, string id, CancellationToken giveUp)
    {
        var by = submission.Observer.ToString();
        for (var ended = false; !ended;)
        {
            var life = await nodes.AnyAsync(submission.Random, giveUp);
            ICaptchaClient client = submission.Observer is Observer.PollsGrpc or Observer.WatchesGrpc ? new GrpcClient(life.Grpc) : new JsonClient(life.Http);
            try
            {
                ended = submission.Observer is Observer.PollsJson or Observer.PollsGrpc
                    ? See(id, await client.ResultAsync(submission.Key.Text, id, giveUp), by)
                    : await WatchAsync(client, submission.Key.Text, id, by, giveUp);
            }
            catch (CutException cut)
            {
                journal.Cut(cut);
            }
            catch (RefusalException refusal)
            {
                journal.Outrages.Enqueue($"task {id}, {by}: {refusal.Message}");
                return;
            }

            if (!ended)
                await Task.Delay(PollPause, giveUp);
        }
    }

    private async Task<bool> WatchAsync(ICaptchaClient client, string key, string id, string by, CancellationToken giveUp)
    {
        var ended = false;
        await foreach (var state in client.WatchAsync(key, id, giveUp))
        {
            if (ended)
                journal.Outrages.Enqueue($"task {id}, {by}: {state} after its end");
            ended |= See(id, state, by);
        }

        return ended;
    }

    private bool See(string id, Seen state, string by)
    {
        if (state.Ended)
            journal.See(id, state, by);
        return state.Ended;
    }

    private async Task<T> PersistAsync<T>(Random random, Func<ICaptchaClient, Task<T>> call, CancellationToken giveUp)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call(Client(random, await nodes.AnyAsync(random, giveUp)));
            }
            catch (CutException cut)
            {
                journal.Cut(cut);
                await Task.Delay(CutException.PauseAfter(tries), giveUp);
            }
        }
    }

    private static ICaptchaClient Client(Random random, Incarnation life) =>
        random.Next(2) == 0 ? new GrpcClient(life.Grpc) : new JsonClient(life.Http);
}
