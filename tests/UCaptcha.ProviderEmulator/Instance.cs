using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace UCaptcha.ProviderEmulator;

/// <summary>One emulated account: the tasks it took and what it was asked.</summary>
internal sealed class Instance(InstanceSettings settings)
{
    private readonly ConcurrentDictionary<string, EmulatedTask> _tasks = new(StringComparer.Ordinal);
    private readonly Lock _counting = new();
    private long _lastId = Random.Shared.Next(1_000_000, 2_000_000);
    private int _received;
    private int _asked;
    private int _polls;
    private int _pollsTooEarly;
    private int _balanceCalls;
    private int _errors;
    private int _underWay;
    private int _mostAtOnce;

    public InstanceSettings Settings { get; set; } = settings;

    public Vendor Vendor => Vendor.All[Settings.Vendor];

    public EmulatedTask Take(JsonObject task)
    {
        var number = Interlocked.Increment(ref _lastId);
        var taken = new EmulatedTask(Vendor.NumericIds ? $"{number}" : Guid.NewGuid().ToString(), Interlocked.Increment(ref _received), task, Stopwatch.GetTimestamp());
        _tasks[taken.Id] = taken;
        lock (_counting)
            _mostAtOnce = Math.Max(_mostAtOnce, ++_underWay);
        return taken;
    }

    /// <summary>The end of a task is about to be told, for the first time or again.</summary>
    public void End(EmulatedTask task)
    {
        lock (_counting)
        {
            _underWay -= task.Ended ? 0 : 1;
            task.Ended = true;
        }
    }

    public EmulatedTask? Find(string id) => _tasks.GetValueOrDefault(id);

    public void CountPoll(EmulatedTask? task)
    {
        Interlocked.Increment(ref _polls);
        if (task is null)
            return;
        var now = Stopwatch.GetTimestamp();
        var before = Interlocked.Exchange(ref task.LastPoll, now);
        if (before != 0 && Stopwatch.GetElapsedTime(before, now) < Settings.PollInterval)
            Interlocked.Increment(ref _pollsTooEarly);
        Interlocked.Increment(ref task.Polls);
    }

    public void CountBalanceCall() => Interlocked.Increment(ref _balanceCalls);

    public void CountError() => Interlocked.Increment(ref _errors);

    /// <summary>Whether a submission is refused for want of a slot: so many of every hundred, spread evenly.</summary>
    public bool RefusesNext() => Settings.Mode == "busy" || (Interlocked.Increment(ref _asked) * 61 % 100) < Settings.BusyPercent;

    /// <summary>Whether the answer to a submission is cut off, spread evenly.</summary>
    public bool Cuts(EmulatedTask task) => Settings.Mode == "cut" || (task.Number * 53 % 100) < Settings.CutPercent;

    /// <summary>Whether a task's time to be solved has passed.</summary>
    public bool IsDone(EmulatedTask task) => task.IsDone(Settings.Latency + (Settings.Jitter * (task.Number * 29 % 100) / 100));

    /// <summary>Whether a task ends unsolved: so many of every hundred, spread evenly.</summary>
    public bool Fails(EmulatedTask task) => Settings.Mode == "unsolvable" || (task.Number * 37) % 100 < Settings.FailurePercent;

    public JsonObject Report() => new()
    {
        ["received"] = _tasks.Count,
        ["acknowledged"] = _tasks.Values.Count(task => task.Acknowledged),
        ["polls"] = _polls,
        ["pollsTooEarly"] = _pollsTooEarly,
        ["balanceCalls"] = _balanceCalls,
        ["errors"] = _errors,
        ["mostAtOnce"] = _mostAtOnce,
        ["tasks"] = new JsonArray([.. _tasks.Values.OrderBy(task => task.Number).Select(task => task.Report(IsDone(task) && !Fails(task)))]),
    };
}

/// <summary>A task that was taken.</summary>
internal sealed class EmulatedTask(string id, int number, JsonObject body, long takenAt)
{
    public long LastPoll;
    public int Polls;
    public int Delivered;
    public bool Ended;

    public string Id { get; } = id;

    public int Number { get; } = number;

    public JsonObject Body { get; } = body;

    /// <summary>The answer with the id left completely.</summary>
    public bool Acknowledged { get; set; }

    public bool IsDone(TimeSpan latency) => Stopwatch.GetElapsedTime(takenAt) >= latency;

    /// <param name="solved">It is solved, and billed, whether or not anybody asked for the result.</param>
    public JsonObject Report(bool solved) => new()
    {
        ["id"] = Id,
        ["acknowledged"] = Acknowledged,
        ["polls"] = Polls,
        ["solved"] = solved,
        ["delivered"] = Delivered,
        ["body"] = Body.DeepClone(),
    };
}
