using System.Globalization;
using System.Net;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Callbacks;
using UCaptcha.Server.Hosting;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Admin;

/// <summary>
/// An operator's day on a whole server: a customer, its money, its key, an account, a task with a callback, a bad report, a backup, and
/// the end of it all, while a call of one of the store's interfaces fails. Every step is tried until it is done.
/// </summary>
internal sealed class AdminScenario(EmulatorProcess emulator, FaultPlan plan, bool dies) : IAsyncDisposable
{
    /// <summary>What it spends and earns, in micro-dollars.</summary>
    private const long Deposit = 1_000_000;
    private const string AdminKey = "admin-key-of-the-proof-0123456789abcdef";
    private const string Account = "good";

    /// <summary>Longer than a claim holds whose answer got lost.</summary>
    private static readonly TimeSpan LongestDelivery = CallbackSender.ClaimTime * 1.5;

    private static readonly string MasterKey = Convert.ToBase64String(new byte[32]);

    private readonly string _marker = Guid.NewGuid().ToString("N");
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _broken = [];
    private long _customer;
    private long _key;
    private string _text = "";
    private string _task = "";
    private string _callback = "";
    private int _step;
    private RunningServer? _server;
    private StubbornCaller? _client;
    private StubbornCaller? _admin;

    /// <summary>The account for <see cref="EmulatorProcess.StartAsync"/>.</summary>
    public static string Instance => $"{Account}:capmonster,latency=10ms,price=0.1";

    private StubbornCaller Admins => _admin!;

    private StubbornCaller Client => _client!;

    private string Marker => _marker;

    /// <summary>Lives the day, over as many servers as it takes, and returns every broken promise.</summary>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        Func<Task>[] day =
        [
            AddCustomerAsync, PayInAsync, MakeKeyAsync, GiveBudgetAsync, AddAccountAsync, DisableAsync, EnableAsync, SolveAsync, ReportBadAsync,
            CallBackAgainAsync, ResetAsync, BackUpAsync, RotateAsync, LookAsync, RevokeAsync, RemoveAccountAsync, KeyIsGoneAsync,
        ];
        var faults = plan;
        while (_step < day.Length)
        {
            if (!await TryStartAsync(faults))
            {
                faults = FaultPlan.Nothing();
                continue;
            }

            try
            {
                for (; _step < day.Length; _step++)
                    await day[_step]();
            }
            catch (DiedException)
            {
                // The next server has a store that works.
            }

            faults = FaultPlan.Nothing();
            await StopAsync();
        }

        return [.. _broken, .. Judge()];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task AddCustomerAsync()
    {
        await Admins.PostAsync("/admin/v1/customers", new { name = "acme", limited = true }, HttpStatusCode.Conflict);
        _customer = Number((await Admins.GetAsync("/admin/v1/customers")).GetProperty("customers").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "acme").GetProperty("id"));
    }

    private Task PayInAsync() => Admins.PostAsync(
        $"/admin/v1/customers/{_customer}:adjust", new { kind = "deposit", amountMicros = Deposit, reference = "invoice 1", note = "" });

    private async Task MakeKeyAsync()
    {
        var (status, made) = await Admins.SendAsync(HttpMethod.Post, "/admin/v1/keys", new { name = "k", customerId = _customer }, HttpStatusCode.Conflict);
        _key = Number((await Admins.GetAsync($"/admin/v1/keys?customerId={_customer}")).GetProperty("keys")[0].GetProperty("id"));
        // Whoever did not get the text has the key rotated.
        _text = (status == HttpStatusCode.OK ? made : await Admins.PostAsync($"/admin/v1/keys/{_key}:rotate", new { })).GetProperty("text").GetString()!;
    }

    private Task GiveBudgetAsync() => Admins.SendAsync(HttpMethod.Patch, $"/admin/v1/keys/{_key}", new { budgetMicros = Deposit / 2, updateMask = "budgetMicros" });

    private Task AddAccountAsync() => Admins.PostAsync(
        "/admin/v1/accounts",
        new
        {
            slug = Account,
            apiKey = "emulated",
            settings = new { kind = "capmonster", baseUrl = $"{emulator.Address}/{Account}", firstPollMs = 10, pollIntervalMs = 10 },
        },
        HttpStatusCode.Conflict);

    private Task DisableAsync() => Admins.PostAsync($"/admin/v1/accounts/{Account}:disable", new { });

    private Task EnableAsync() => Admins.PostAsync($"/admin/v1/accounts/{Account}:enable", new { });

    private async Task SolveAsync()
    {
        var request = new
        {
            clientKey = _text,
            task = new { type = "RecaptchaV2TaskProxyless", websiteURL = "https://example.com", websiteKey = Marker },
            callbackUrl = $"{emulator.Address}/_control/instances/{Account}",
            requestId = "once",
        };
        _task = (await Client.PostAsync("/createTask", request)).GetProperty("taskId").GetString()!;
        string? status = null;
        await Eventually.TrueAsync(async () =>
            (status = (await Client.PostAsync("/getTaskResult", new { clientKey = _text, taskId = _task })).GetProperty("status").GetString()) != "processing");
        if (status != "ready")
            _broken.Add($"the task is {status}");
    }

    private Task ReportBadAsync() => Client.PostAsync("/feedbackTask", new { clientKey = _text, taskId = _task, result = new { invalid = true } });

    private async Task CallBackAgainAsync()
    {
        await DeliveredAsync();
        await Admins.PostAsync($"/admin/v1/callbacks/{_callback}:replay", new { });
        await DeliveredAsync();
        await Admins.GetAsync($"/admin/v1/callbacks/{_callback}");
    }

    private Task ResetAsync() => Admins.PostAsync($"/admin/v1/accounts/{Account}:reset", new { });

    private Task BackUpAsync() => Admins.PostAsync("/admin/v1/backups", new { });

    private async Task RotateAsync() =>
        _text = (await Admins.PostAsync($"/admin/v1/keys/{_key}:rotate", new { overlapSeconds = 0 })).GetProperty("text").GetString()!;

    private async Task LookAsync()
    {
        if ((await Admins.GetAsync("/admin/v1/ledger:verify")).TryGetProperty("differences", out var differences))
            _broken.Add($"the ledger does not add up: {differences}");
        foreach (var path in (string[])["status", "accounts", "tasks", "ledger", "audit", $"customers/{_customer}", $"keys/{_key}", $"tasks/{_task}"])
            await Admins.GetAsync($"/admin/v1/{path}");
        var balance = (await Client.PostAsync("/getBalance", new { clientKey = _text })).GetProperty("balance").GetDouble();
        if (balance != Deposit / 2 / 1e6)
            _broken.Add($"the refund leaves a balance of {balance}");
    }

    private Task RevokeAsync() => Admins.PostAsync($"/admin/v1/keys/{_key}:revoke", new { }, HttpStatusCode.BadRequest);

    private Task RemoveAccountAsync() => Admins.SendAsync(HttpMethod.Delete, $"/admin/v1/accounts/{Account}", body: null, HttpStatusCode.NotFound);

    private Task KeyIsGoneAsync() => Eventually.TrueAsync(async () =>
        (await Client.SendAsync(HttpMethod.Post, "/getBalance", new { clientKey = _text }, HttpStatusCode.Unauthorized)).Status == HttpStatusCode.Unauthorized);

    private Task DeliveredAsync() => Eventually.TrueAsync(async () =>
    {
        var callback = (await Admins.GetAsync("/admin/v1/callbacks")).GetProperty("callbacks").EnumerateArray().SingleOrDefault();
        if (callback.ValueKind == System.Text.Json.JsonValueKind.Undefined)
            return false;
        _callback = callback.GetProperty("id").GetString()!;
        return callback.GetProperty("state").GetString() == "delivered";
    }, LongestDelivery);

    /// <summary>False when the store failed the start: the operator starts it again.</summary>
    private async Task<bool> TryStartAsync(FaultPlan faults)
    {
        string[] args =
        [
            $"--UCaptcha:DataDirectory={_folder.Path}", "--UCaptcha:Http:Url=http://127.0.0.1:0", "--UCaptcha:Grpc:Url=http://127.0.0.1:0",
            "--UCaptcha:Admin:Url=http://127.0.0.1:0", $"--UCaptcha:Admin:Key={AdminKey}", $"--UCaptcha:Secrets:MasterKey={MasterKey}",
            "--UCaptcha:Keys:other:Key=another-key", "--UCaptcha:Callbacks:AllowPrivateNetworks=true", "--Logging:LogLevel:Default=None",
        ];
        try
        {
            _server = await ServerHost.StartAsync(args, TimeProvider.System, TextWriter.Null, services => Wrap(services, faults));
        }
        catch (StoreUnavailableException)
        {
            return false;
        }

        bool Died() => dies && faults.Hit is not null;
        _client = new StubbornCaller(_server.Addresses[0], adminKey: null, Died);
        _admin = new StubbornCaller(_server.Addresses[^1], AdminKey, Died);
        return true;
    }

    private static void Wrap(IServiceCollection services, FaultPlan faults)
    {
        // The engine's own store has a scenario of its own.
        var contracts = services.Where(service =>
            service.ServiceType.Namespace == typeof(ITaskStore).Namespace && service.ImplementationInstance is not null && service.ServiceType != typeof(ITaskStore)).ToArray();
        foreach (var service in contracts)
            services.AddSingleton(service.ServiceType, FaultProxy<ITaskStore>.Around(service.ServiceType, service.ImplementationInstance!, faults));
    }

    private async Task StopAsync()
    {
        foreach (var caller in (StubbornCaller?[])[_client, _admin])
        {
            _broken.AddRange(caller?.Outrages ?? []);
            caller?.Dispose();
        }

        (_client, _admin) = (null, null);
        if (_server is { } server)
            await server.DisposeAsync();
        _server = null;
    }

    /// <summary>What the day has left behind.</summary>
    private IEnumerable<string> Judge()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "ucaptcha.db")};Pooling=False");
        connection.Open();
        var audit = connection.Query<(string Action, long Count)>("SELECT action, count(*) FROM audit GROUP BY action").ToDictionary(row => row.Action, row => row.Count);
        foreach (var once in (string[])["customer.create", "key.create", "key.revoke", "account.create", "account.disable", "account.enable", "account.delete"])
        {
            if (audit.GetValueOrDefault(once) != 1)
                yield return $"the audit log has {audit.GetValueOrDefault(once)} rows of {once}";
        }

        foreach (var atLeastOnce in (string[])["key.rotate", "key.change", "callback.replay", "account.reset", "backup.create"])
        {
            if (audit.GetValueOrDefault(atLeastOnce) == 0)
                yield return $"the audit log has no row of {atLeastOnce}";
        }

        var copies = Directory.GetFiles(_folder.Path, "backup-*.db").Length;
        if (copies == 0 || copies > audit.GetValueOrDefault("backup.create"))
            yield return $"there are {copies} copies of the database and {audit.GetValueOrDefault("backup.create")} rows of them";
        foreach (var (kind, count) in connection.Query<(string, long)>("SELECT kind, count(*) FROM ledger GROUP BY kind").Where(row => row.Item2 != 1))
            yield return $"the ledger has {count} rows of {kind}";
        if (connection.ExecuteScalar<string>("SELECT group_concat(kind) FROM (SELECT kind FROM ledger ORDER BY kind)") is var kinds and not "charge,deposit,operator_loss,refund")
            yield return $"the ledger has {kinds}";
        foreach (var what in connection.Query<string>("SELECT what FROM ledger_proof WHERE kept <> proven"))
            yield return $"the ledger does not prove {what}";
        if (connection.ExecuteScalar<long>("SELECT balance_micros FROM customers WHERE id = @id", new { id = _customer }) is var balance and not Deposit)
            yield return string.Create(CultureInfo.InvariantCulture, $"the customer has {balance}");
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM tasks") is var tasks and not 1)
            yield return $"there are {tasks} tasks";
    }

    private static long Number(System.Text.Json.JsonElement number) => long.Parse(number.ToString(), CultureInfo.InvariantCulture);
}
