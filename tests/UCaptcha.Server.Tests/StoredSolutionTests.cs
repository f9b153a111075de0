using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests;

/// <summary>What is stored is shown whatever a request may measure.</summary>
public sealed class StoredSolutionTests
{
    private const int MaxBodyBytes = 1024;

    [Fact]
    public async Task SolutionAndDecision_LargerThanABodyMayBe_AreShown()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerHost.StartAsync(
            [
                $"--UCaptcha:DataDirectory={folder.Path}",
                $"--UCaptcha:Admin:Key={AdminApi.Key}",
                $"--UCaptcha:Keys:test:Key={Scenario.Key}",
                $"--UCaptcha:Http:MaxBodyBytes={MaxBodyBytes}",
                "--UCaptcha:Http:Url=http://127.0.0.1:0",
                "--UCaptcha:Grpc:Url=http://127.0.0.1:0",
                "--UCaptcha:Admin:Url=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=Error",
            ],
            TimeProvider.System,
            TextWriter.Null);
        var large = new string('x', 2 * MaxBodyBytes);
        var id = await SolveAsync(server.Services.GetRequiredService<ITaskStore>(), solution: $$"""{"token":"{{large}}"}""", decision: $$"""{"chosen":"{{large}}"}""");
        using var http = new HttpClient();

        using var body = new StringContent($$"""{"clientKey":"{{Scenario.Key}}","taskId":"{{id}}"}""", Encoding.UTF8, "application/json");
        using var result = await http.PostAsync($"{server.Addresses[0]}/getTaskResult", body);
        Assert.Contains($"\"token\":\"{large}\"", await result.Content.ReadAsStringAsync());

        http.DefaultRequestHeaders.Add("x-admin-key", AdminApi.Key);
        using var shown = await http.GetAsync($"{server.Addresses[^1]}/admin/v1/tasks/{id}");
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Contains($"\"chosen\":\"{large}\"", await shown.Content.ReadAsStringAsync());
    }

    private static async Task<Guid> SolveAsync(ITaskStore store, string solution, string decision)
    {
        var now = DateTimeOffset.UtcNow;
        var task = new StoredTask
        {
            Id = Guid.CreateVersion7(now),
            ShortId = 1,
            KeyId = 1,
            Family = "Turnstile",
            Request = "{}"u8.ToArray(),
            SpeedWeight = 50,
            Dialect = "ucaptcha",
            CreatedAt = now,
            Deadline = now.AddMinutes(3),
            Reserved = new Usd(10),
        };
        await store.AcceptAsync(task, CancellationToken.None);
        await store.BeginAttemptAsync(
            new StoredAttempt { TaskId = task.Id, Number = 1, Account = "a", Kind = "generic", Decision = decision, StartedAt = now }, new Usd(10), CancellationToken.None);
        await store.FinishAsync(
            new TaskEnd(task.Id, task.KeyId, TaskState.Ready, now, Encoding.UTF8.GetBytes(solution), null, null, new Usd(10), Attempt: null), CancellationToken.None);
        return task.Id;
    }
}
