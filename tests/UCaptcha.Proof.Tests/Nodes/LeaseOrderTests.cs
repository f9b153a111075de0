using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.Proof.Tests.Admin;
using UCaptcha.Server.Hosting;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Nodes;

/// <summary>A node loses its lease while it claims tasks.</summary>
public sealed class LeaseOrderTests
{
    private static readonly TimeSpan WhatItTakesElse = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Lease_LostDuringAClaim_IsBegunAnewOnlyWhenTheClaimedTasksAreTakenUp()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var cluster = await PostgresCluster.StartAsync("fsync=off");
        var database = await cluster.CreateDatabaseAsync();
        var calls = new HeldClaim();
        using var folder = new TemporaryFolder();
        await using var server = await ServerHost.StartAsync(
            [
                $"--UCaptcha:DataDirectory={folder.Path}", "--UCaptcha:Http:Url=http://127.0.0.1:0", "--UCaptcha:Grpc:Url=http://127.0.0.1:0",
                "--UCaptcha:Admin:Url=http://127.0.0.1:0", "--UCaptcha:Keys:k:Key=key-of-the-proof", "--UCaptcha:Storage:Provider=postgres",
                $"--UCaptcha:Storage:ConnectionString={database}", "--UCaptcha:Storage:LeaseSeconds=4", "--Logging:LogLevel:Default=None",
            ],
            TimeProvider.System,
            TextWriter.Null,
            services => services.AddSingleton(FaultProxy<ILeaseStore>.Around(
                (ILeaseStore)services.Last(service => service.ServiceType == typeof(ILeaseStore)).ImplementationInstance!, calls)));
        await using var connection = new NpgsqlConnection(database);
        calls.Hold();
        await calls.Held;

        await connection.ExecuteAsync("DELETE FROM nodes");
        try
        {
            await Assert.ThrowsAsync<TimeoutException>(() => Eventually.TrueAsync(() => calls.Registered, WhatItTakesElse));
        }
        finally
        {
            calls.Release();
        }

        await Eventually.TrueAsync(() => calls.Registered);
        using var caller = new StubbornCaller(server.Addresses[0], adminKey: null, dies: () => false);
        var accepted = await caller.PostAsync("/createTask", new
        {
            clientKey = "key-of-the-proof",
            task = new { type = "RecaptchaV2TaskProxyless", websiteURL = "https://example.com", websiteKey = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI" },
        });
        Assert.Equal(0, accepted.GetProperty("errorId").GetInt32());
        Assert.Empty(caller.Outrages);
    }

    private sealed class HeldClaim : IFaults
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _hold;
        private volatile bool _registered;

        public Task Held => _held.Task;

        public bool Registered => _registered;

        public void Hold() => _hold = true;

        public void Release() => _released.TrySetResult();

        public Fault Next(string call)
        {
            if (call == $"{nameof(ILeaseStore)}.{nameof(ILeaseStore.RegisterAsync)}")
                _registered = true;
            return Fault.None;
        }

        public Task HoldAnswerAsync(string call)
        {
            if (!_hold || call != $"{nameof(ILeaseStore)}.{nameof(ILeaseStore.ClaimAsync)}")
                return Task.CompletedTask;
            _held.TrySetResult();
            return _released.Task;
        }
    }
}
