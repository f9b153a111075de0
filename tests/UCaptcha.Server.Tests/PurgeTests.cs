using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests;

/// <summary>What is over is forgotten a little at a time, and all of it.</summary>
public sealed class PurgeTests
{
    private const int Batch = 200;
    private const int Results = (3 * Batch) + 50;

    [Fact]
    public async Task Purge_MoreThanThreeBatches_ForgetsAllByTheBatchAndLeavesLedgerAndAudit()
    {
        using var folder = new TemporaryFolder();
        var clock = new WrongClock(TimeSpan.Zero);
        var (results, callbacks) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        await using var server = await ServerHost.StartAsync(
            [
                $"--UCaptcha:DataDirectory={folder.Path}",
                "--UCaptcha:Storage:Synchronous=normal",
                $"--UCaptcha:Admin:Key={AdminApi.Key}",
                $"--UCaptcha:Keys:test:Key={Scenario.Key}",
                "--UCaptcha:Http:Url=http://127.0.0.1:0",
                "--UCaptcha:Grpc:Url=http://127.0.0.1:0",
                "--UCaptcha:Admin:Url=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=Error",
            ],
            clock,
            TextWriter.Null,
            services =>
            {
                PurgeRecorder<ITaskStore>.StandBefore(services, results);
                PurgeRecorder<ICallbackStore>.StandBefore(services, callbacks);
            });
        var keeper = server.Services.GetRequiredService<IStoreKeeper>();
        await server.Services.GetRequiredService<IAuditStore>().AppendAuditAsync(
            new NewAuditEntry(new ChangedBy("ann", clock.GetUtcNow()), "key.change", "key/1", Before: null, After: null), CancellationToken.None);
        await EndAsync(server.Services.GetRequiredService<ITaskStore>(), clock.GetUtcNow());
        await Eventually.TrueAsync(async () => await server.Services.GetRequiredService<ICallbackStore>().CountPendingCallbacksAsync(CancellationToken.None) == 0);
        var before = await keeper.GetStatusAsync(CancellationToken.None);

        clock.Shift = TimeSpan.FromHours(25);
        await server.Services.GetServices<IHostedService>().OfType<Purge>().Single().PurgeOnceAsync(CancellationToken.None);

        var after = await keeper.GetStatusAsync(CancellationToken.None);
        Assert.Equal((Results, 0), (before.Finished, after.Finished));
        Assert.Equal((Results, 1), (after.LedgerRows, after.AuditRows));
        foreach (var took in (ConcurrentQueue<int>[])[results, callbacks])
        {
            Assert.All(took, count => Assert.InRange(count, 0, Batch));
            Assert.Equal(Results, took.Sum());
        }
    }

    // The callbacks lead nowhere, and are given up at once.
    private static Task EndAsync(ITaskStore store, DateTimeOffset now) => Task.WhenAll(Enumerable.Range(1, Results).Select(async number =>
    {
        var task = new StoredTask
        {
            Id = Guid.CreateVersion7(now),
            ShortId = number,
            KeyId = 1,
            Family = "RecaptchaV2",
            Request = "{}"u8.ToArray(),
            SpeedWeight = 50,
            CallbackUrl = "nowhere",
            Dialect = "ucaptcha",
            CreatedAt = now,
            Deadline = now.AddMinutes(3),
            Reserved = new Usd(10),
        };
        await store.AcceptAsync(task, CancellationToken.None);
        await store.FinishAsync(
            new TaskEnd(task.Id, task.KeyId, TaskState.Ready, now, "{}"u8.ToArray(), null, null, new Usd(10), Attempt: null)
            {
                Callback = NewCallback.To(task.CallbackUrl, now),
            },
            CancellationToken.None);
    }));

    /// <summary>Stands in front of a store and writes down how much each purge took.</summary>
    public class PurgeRecorder<T> : DispatchProxy
        where T : class
    {
        private T _store = null!;
        private ConcurrentQueue<int> _took = null!;

        public static void StandBefore(IServiceCollection services, ConcurrentQueue<int> took)
        {
            var proxy = Create<T, PurgeRecorder<T>>();
            var recorder = (PurgeRecorder<T>)(object)proxy;
            (recorder._store, recorder._took) = ((T)services.Last(service => service.ServiceType == typeof(T)).ImplementationInstance!, took);
            services.AddSingleton(proxy);
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var answer = targetMethod!.Invoke(_store, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
            return targetMethod.Name.StartsWith("Purge", StringComparison.Ordinal) ? RecordAsync((ValueTask<int>)answer!) : answer;
        }

        private async ValueTask<int> RecordAsync(ValueTask<int> purge)
        {
            var count = await purge;
            _took.Enqueue(count);
            return count;
        }
    }
}
