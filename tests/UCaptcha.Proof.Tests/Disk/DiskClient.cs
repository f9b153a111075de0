using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Proof.Tests.Disk;

/// <summary>A client on every surface of a server.</summary>
internal sealed class DiskClient(ServerProcess server) : IDisposable
{
    public const string Key = "key-of-the-proof";
    public const string AdminKey = "admin-key-of-the-proof-0123456789abcdef";

    private readonly HttpClient _http = new() { BaseAddress = new Uri(server.Http) };
    private readonly HttpClient _admin = new() { BaseAddress = new Uri(server.Admin), DefaultRequestHeaders = { { "x-admin-key", AdminKey } } };
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(server.Grpc);
    private int _made;

    /// <summary>Submits a task in a dialect under a site key of its own; null is the native one.</summary>
    public Task<Answer> CreateAsync(string? dialect = null) => PostAsync(
        $"{(dialect is null ? "" : "/" + dialect)}/createTask",
        new { clientKey = Key, task = new { type = "RecaptchaV2TaskProxyless", websiteURL = "https://example.com", websiteKey = NextMarker() } });

    public Task<Answer> ResultAsync(string taskId) => PostAsync("/getTaskResult", new { clientKey = Key, taskId });

    public Task<Answer> BalanceAsync() => PostAsync("/getBalance", new { clientKey = Key });

    public async Task<Answer> PostAsync(string path, object body) => await Answer.OfAsync(await _http.PostAsJsonAsync(path, body));

    public async Task<Answer> GetAsync(string path) => await Answer.OfAsync(await _http.GetAsync(path));

    public async Task<Answer> CreateInAsync() => await GetAsync(
        $"/in.php?key={Key}&method=userrecaptcha&pageurl=https://example.com&googlekey={NextMarker()}");

    public async Task<Answer> CreateCustomerAsync() =>
        await Answer.OfAsync(await _admin.PostAsJsonAsync("/admin/v1/customers", new { name = NextMarker(), limited = true }));

    public async Task<Answer> StatusAsync() => await Answer.OfAsync(await _admin.GetAsync("/admin/v1/status"));

    public async Task<StatusCode> CreateOverGrpcAsync() => await StatusOfAsync(async () => await new CaptchaService.CaptchaServiceClient(_channel).CreateTaskAsync(
        new CreateTaskRequest { ClientKey = Key, Task = new CaptchaTask { Type = "RecaptchaV2TaskProxyless", WebsiteUrl = "https://example.com", WebsiteKey = NextMarker() } }));

    public async Task<bool> ServesAsync(string service) =>
        (await new Health.HealthClient(_channel).CheckAsync(new HealthCheckRequest { Service = service })).Status == HealthCheckResponse.Types.ServingStatus.Serving;

    public void Dispose()
    {
        _http.Dispose();
        _admin.Dispose();
        _channel.Dispose();
    }

    private static async Task<StatusCode> StatusOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException refused)
        {
            return refused.StatusCode;
        }
    }

    private string NextMarker() => $"site-{Interlocked.Increment(ref _made)}";
}

/// <summary>An answer as it came.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text)
{
    public string? this[string member] => JsonElement.Parse(Text).TryGetProperty(member, out var value) ? value.ToString() : null;

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        using (response)
            return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
