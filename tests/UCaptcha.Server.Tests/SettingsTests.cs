using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>Wrong settings stop the start with sentences that list what exists.</summary>
public sealed class SettingsTests
{
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "Providers__x__Kind", "capmunster", "capmonster, anticaptcha, twocaptcha, capsolver, generic, sandbox" },
        { "Providers__capsolver__BaseUrl", "https://api.capsolver.com", "ApiKey is missing" },
        { "DefaultDialect", "klingon", "ucaptcha" },
        { "Keys__a__Key", "short", "8 to 128" },
        { "Keys__a__BudgetUsd", "1", "UCaptcha:Keys:a:Key is missing" },
        { "Keys__a__SpeedWeight", "fast", "SpeedWeight" },
        { "Http__Uri", "http://127.0.0.1:1", "no setting 'Uri'" },
        { "Http__Url", "ftp://127.0.0.1:1", "http://host:port" },
        { "Http__Certificate__Path", "/no/such/file", "not https" },
        { "Http__Cors__Origins__0", "https://app.example.com/", "scheme://host" },
        { "Streams__HeartbeatMs", "1", "between 100 and 3600000" },
        { "Storage__Provider", "oracle", "sqlite" },
        { "Storage__LeaseSeconds", "abc", "UCaptcha:Storage:LeaseSeconds must be a whole number" },
        { "Callbacks__Ports__0", "http", "UCaptcha:Callbacks:Ports:0 must be a whole number" },
        { "Callbacks__AllowPrivateNetworks", "maybe", "UCaptcha:Callbacks:AllowPrivateNetworks must be true or false" },
        { "Keys__a__BudgetUsd", "much", "UCaptcha:Keys:a:BudgetUsd must be a number" },
        { "Admin__Url", "http://127.0.0.1:5080", "one of its own" },
        { "Admin__Key", "too-short", "16 to 128" },
        { "Admin__KeyFile", "/nowhere/admin.key", "cannot be read" },
        { "Secrets__MasterKey", "not-base64", "32 random bytes" },
        { "Secrets__PreviousKeys__0", "AAAA", "32 random bytes" },
        { "Routing__Policy", "best", "documented" },
        { "Engine__OnUnknownSubmission", "hope", "elsewhere, fail" },
        { "Http__TrustedProxies__0", "nowhere", "nowhere" },
        { "DeniedDomains__0", "not a domain", "not a domain" },
        { "Callbacks__HistoryHours", "0", "between 1 and 8760" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Start_WrongSetting_StopsWithASentence(string setting, string value, string said)
    {
        using var folder = new TemporaryFolder();
        await using var program = ProgramProcess.Start("dotnet", [Repository.ProgramOf("src/UCaptcha.Server")], new Dictionary<string, string>
        {
            ["UCaptcha__DataDirectory"] = folder.Path,
            [$"UCaptcha__{setting}"] = value,
        });
        Assert.Equal(2, await program.WaitForExitAsync());
        Assert.Contains(said, string.Join('\n', program.Output));
        Assert.DoesNotContain(program.Output, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_BadWebhookSecret_StopsWithASentenceThatDoesNotRepeatIt()
    {
        using var folder = new TemporaryFolder();
        await using var program = ProgramProcess.Start("dotnet", [Repository.ProgramOf("src/UCaptcha.Server")], new Dictionary<string, string>
        {
            ["UCaptcha__DataDirectory"] = folder.Path,
            ["UCaptcha__Keys__a__Key"] = "a-good-key",
            ["UCaptcha__Keys__a__WebhookSecrets__0"] = "whsec_c2hvcnQ=",
        });
        Assert.Equal(2, await program.WaitForExitAsync());
        Assert.Contains(program.Output, line => line.Contains("UCaptcha:Keys:a:WebhookSecrets must hold whsec_", StringComparison.Ordinal));
        Assert.DoesNotContain(program.Output, line => line.Contains("c2hvcnQ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("30", "30000", true)]
    [InlineData("29", "30000", false)]
    public async Task Start_LeaseNoShorterThanATask_StopsWithASentenceThatNamesBoth(string lease, string budget, bool isRefused)
    {
        using var folder = new TemporaryFolder();
        await using var program = ProgramProcess.Start("dotnet", [Repository.ProgramOf("src/UCaptcha.Server")], new Dictionary<string, string>
        {
            ["UCaptcha__Storage__Provider"] = "postgres",
            ["UCaptcha__Storage__ConnectionString"] = "Host=127.0.0.1;Port=1;Database=none",
            ["UCaptcha__Storage__LeaseSeconds"] = lease,
            ["UCaptcha__Engine__TimeBudgetMs"] = budget,
        });

        Assert.Equal(isRefused ? 2 : 1, await program.WaitForExitAsync());
        Assert.Equal(isRefused, program.Output.Any(line => line.Contains($"UCaptcha:Storage:LeaseSeconds is {lease}, and UCaptcha:Engine:TimeBudgetMs {budget};", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Start_LeaseWithoutNodes_IsOfNoConcern()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Engine__TimeBudgetMs"] = "5000" });

        Assert.DoesNotContain(server.Program.Output, line => line.Contains("LeaseSeconds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_UnknownCommand_ListsTheCommands()
    {
        using var folder = new TemporaryFolder();
        await using var program = ProgramProcess.Start(
            "dotnet", [Repository.ProgramOf("src/UCaptcha.Server"), "backp", "copy.db"], new Dictionary<string, string> { ["UCaptcha__DataDirectory"] = folder.Path });

        Assert.Equal(2, await program.WaitForExitAsync());
        Assert.Contains(program.Output, line => line.StartsWith("There is no command 'backp'. There are: backup, restore.", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Start_UnknownFamilyInPrices_ListsTheFamilies()
    {
        using var folder = new TemporaryFolder();
        await using var program = ProgramProcess.Start("dotnet", [Repository.ProgramOf("src/UCaptcha.Server")], new Dictionary<string, string>
        {
            ["UCaptcha__DataDirectory"] = folder.Path,
            ["UCaptcha__Providers__capmonster__ApiKey"] = "k",
            ["UCaptcha__Providers__capmonster__Prices__ReCaptcha9"] = "1",
        });
        Assert.Equal(2, await program.WaitForExitAsync());
        Assert.Contains(program.Output, line => line.Contains("RecaptchaV2, RecaptchaV2Enterprise", StringComparison.Ordinal));
    }
}
