using System.Net;
using Microsoft.Data.Sqlite;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>What another node stored of an account can be more than this one knows: it goes without the account, and goes on.</summary>
public sealed class AccountsOfOthersTests
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Admin__Key"] = AdminApi.Key,
        ["Secrets__MasterKey"] = Convert.ToBase64String(new byte[32]),
        ["Keys__test__Key"] = Scenario.Key,
        ["Providers__here__Kind"] = "capmonster",
        ["Providers__here__ApiKey"] = "of the configuration",
        ["Providers__here__BaseUrl"] = "http://127.0.0.1:9/",
    };

    [Theory]
    [InlineData("UPDATE accounts SET settings = replace(settings, 'capmonster', 'nosuchkind'), revision = 2", "The account added is of the kind nosuchkind, which this version does not know")]
    [InlineData("UPDATE accounts SET slug = 'here'", "The account here was added at run time and is in this node's configuration too")]
    public async Task Account_ThatThisNodeCannotHave_IsPassedOver(string change, string told)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(Settings, folder.Path);
        using var admin = new AdminApi(server);
        await admin.PostAsync("/admin/v1/accounts", """{"slug":"added","apiKey":"k","settings":{"kind":"capmonster","baseUrl":"http://127.0.0.1:9/"} }""");

        Execute(folder.Path, change + "; UPDATE counters SET value = value + 1 WHERE name = 'accounts_version'");
        await server.Program.WaitForLineAsync(line => line.Contains(told, StringComparison.Ordinal));

        await admin.RefusedAsync(HttpMethod.Get, "/admin/v1/accounts/added", null, HttpStatusCode.NotFound, "ERROR_NOT_FOUND");
        // It hears of what is changed next.
        await admin.PostAsync("/admin/v1/accounts", """{"slug":"next","apiKey":"k","settings":{"kind":"capmonster","baseUrl":"http://127.0.0.1:9/"} }""");
        Assert.Equal(["here", "next"], (await admin.GetAsync("/admin/v1/accounts")).GetProperty("accounts").EnumerateArray().Select(account => account.GetProperty("slug").GetString()));
    }

    private static void Execute(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "ucaptcha.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
