using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.KillTest.Judging;
using UCaptcha.Proof.Tests.Admin;
using UCaptcha.Server.Hosting;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Nodes;

/// <summary>
/// Two servers on one database have tasks under way. One loses its lease and begins anew, then the other leaves, and all the while a call
/// fails with which they keep leases or tell each other news.
/// </summary>
internal sealed class LeaseScenario(EmulatorProcess emulator, string database, FaultPlan plan) : IAsyncDisposable
{
    private const string Account = "slow";
    private const string Key = "key-of-the-proof";
    private const int TasksOfEach = 3;

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private readonly TemporaryFolder _folder = new();
    private readonly List<RunningServer> _servers = [];
    private readonly List<StubbornCaller> _callers = [];
    private readonly List<string> _tasks = [];

    /// <summary>The account for <see cref="EmulatorProcess.StartAsync"/>: there is time to change hands.</summary>
    public static string Instance => $"{Account}:capmonster,latency=2s,price=0.1";

    /// <summary>Lives it, and returns every broken promise.</summary>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var first = await StartAsync();
        var itsNumber = await NumberAsync("SELECT max(id) FROM nodes");
        await SubmitAsync(first);
        await SubmitAsync(await StartAsync());
        await Eventually.TrueAsync(async () => await NumberAsync("SELECT count(*) FROM attempts WHERE upstream_id IS NOT NULL") == _tasks.Count);

        // However often it is renewed meanwhile.
        await Eventually.TrueAsync(async () =>
            await NumberAsync($"UPDATE nodes SET lease_until = clock_timestamp() - interval '1 second' WHERE id = {itsNumber} RETURNING id") == 0);
        await Eventually.TrueAsync(async () => await NumberAsync("SELECT count(*) FROM nodes") == 2);
        await _servers[1].DisposeAsync();
        _servers.RemoveAt(1);

        var broken = new List<string>();
        foreach (var task in _tasks)
        {
            string? status = null;
            await Eventually.TrueAsync(async () =>
                (status = (await first.PostAsync("/getTaskResult", new { clientKey = Key, taskId = task })).GetProperty("status").GetString()) != "processing");
            if (status != "ready")
                broken.Add($"task {task} is {status}");
        }

        return [.. broken, .. _callers.SelectMany(caller => caller.Outrages), .. await JudgeAsync()];
    }

    public async ValueTask DisposeAsync()
    {
        _callers.ForEach(caller => caller.Dispose());
        foreach (var server in _servers)
            await server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Starts a server, and once more when a fault ended its start.</summary>
    private async Task<StubbornCaller> StartAsync()
    {
        string[] args =
        [
            $"--UCaptcha:DataDirectory={_folder.Path}", "--UCaptcha:Http:Url=http://127.0.0.1:0", "--UCaptcha:Grpc:Url=http://127.0.0.1:0",
            "--UCaptcha:Admin:Url=http://127.0.0.1:0", "--UCaptcha:Admin:Key=admin-key-of-the-proof", $"--UCaptcha:Keys:k:Key={Key}", "--UCaptcha:Storage:Provider=postgres",
            $"--UCaptcha:Storage:ConnectionString={database}", "--UCaptcha:Storage:LeaseSeconds=4", "--Logging:LogLevel:Default=None",
            .. emulator.Account(Account, "capmonster").Select(setting => $"--UCaptcha:{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
        ];
        while (true)
        {
            try
            {
                _servers.Add(await ServerHost.StartAsync(args, TimeProvider.System, TextWriter.Null, Wrap));
                _callers.Add(new StubbornCaller(_servers[^1].Addresses[0], adminKey: null, dies: () => false));
                return _callers[^1];
            }
            catch (StoreUnavailableException) when (plan.Hit is not null)
            {
                // The operator starts it again.
            }
        }
    }

    private void Wrap(IServiceCollection services)
    {
        foreach (var contract in (Type[])[typeof(ILeaseStore), typeof(ITaskNews)])
        {
            var store = services.Last(service => service.ServiceType == contract).ImplementationInstance!;
            services.AddSingleton(contract, FaultProxy<ILeaseStore>.Around(contract, store, plan));
        }
    }

    private async Task SubmitAsync(StubbornCaller server)
    {
        for (var i = 0; i < TasksOfEach; i++)
        {
            _tasks.Add((await server.PostAsync("/createTask", new
            {
                clientKey = Key,
                task = new { type = "RecaptchaV2TaskProxyless", websiteURL = "https://example.com", websiteKey = $"{_run}-{_tasks.Count}" },
                requestId = $"request-{_tasks.Count}",
            })).GetProperty("taskId").GetString()!);
        }
    }

    private async Task<IEnumerable<string>> JudgeAsync()
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        var store = StoreRecord.Read(connection);
        var upstream = UpstreamTask.Read(Account, await emulator.ReportAsync(Account)).Where(task => task.Marker.StartsWith(_run, StringComparison.Ordinal)).ToArray();
        return
        [
            .. Oracle.Judge(store, upstream),
            .. store.Tasks.Where(task => task.Attempts != 1).Select(task => $"task {task.Task} was begun {task.Attempts} times"),
            .. store.Tasks.Count == _tasks.Count ? (string[])[] : [$"{_tasks.Count} submissions are {store.Tasks.Count} tasks"],
        ];
    }

    private async Task<long> NumberAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
