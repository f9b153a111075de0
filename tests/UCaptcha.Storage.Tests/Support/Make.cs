using System.Security.Cryptography;
using System.Text;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Storage.Tests.Support;

/// <summary>Things to store.</summary>
internal static class Make
{
    public static readonly DateTimeOffset Start = new(2031, 5, 6, 7, 8, 9, 123, TimeSpan.Zero);

    public static readonly ChangedBy By = new("ann", Start);

    private static int _lastShortId = 1000;

    public static NewKey Key(string name = "k", long? budget = null, string? text = null) =>
        new(name, Hash(text ?? name), Configured: true, budget is { } micros ? new Usd(micros) : null, Start);

    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    public static StoredTask Task(long keyId, long reserve = 0, DateTimeOffset? at = null, string? requestId = null, string fingerprint = "f")
    {
        var created = at ?? Start;
        return new StoredTask
        {
            Id = Guid.CreateVersion7(created),
            ShortId = Interlocked.Increment(ref _lastShortId),
            KeyId = keyId,
            Family = "RecaptchaV2",
            Request = """{"type":"RecaptchaV2TaskProxyless"}"""u8.ToArray(),
            SpeedWeight = 50,
            Dialect = "ucaptcha",
            RequestId = requestId,
            Fingerprint = requestId is null ? default : Hash(fingerprint),
            CreatedAt = created,
            Deadline = created.AddSeconds(180),
            Reserved = new Usd(reserve),
        };
    }

    public static StoredAttempt Attempt(Guid taskId, int number = 1, string account = "main") => new()
    {
        TaskId = taskId,
        Number = number,
        Account = account,
        Kind = "capmonster",
        Decision = """{"scores":[1]}""",
        StartedAt = Start.AddSeconds(number),
    };

    public static AttemptEnd AttemptEnd(
        Guid taskId,
        int number = 1,
        AttemptState state = AttemptState.Failed,
        long cost = 0,
        string? upstreamId = null,
        StatisticsRow? statistics = null) =>
        new(
            taskId,
            number,
            state,
            Start.AddSeconds(20),
            upstreamId,
            state == AttemptState.Solved ? null : "ERROR_CAPTCHA_UNSOLVABLE",
            state == AttemptState.Solved ? null : "Unsolved",
            new Usd(cost),
            statistics);

    public static TaskEnd Ready(StoredTask task, long charge = 0, AttemptEnd? attempt = null, DateTimeOffset? at = null) =>
        new(task.Id, task.KeyId, TaskState.Ready, at ?? Start.AddSeconds(30), """{"token":"t"}"""u8.ToArray(), null, null, new Usd(charge), attempt);

    public static TaskEnd Failed(StoredTask task, AttemptEnd? attempt = null, DateTimeOffset? at = null) =>
        new(task.Id, task.KeyId, TaskState.Failed, at ?? Start.AddSeconds(30), default, "ERROR_CAPTCHA_UNSOLVABLE", "Nobody solved it.", Usd.Zero, attempt);

    public static StatisticsRow Statistics(string account = "main", long samples = 1, double? cost = 600.5) =>
        new(account, "RecaptchaV2", cost, 12_345.5, 0.75, 0.25, samples, Start.AddSeconds(40));
}
