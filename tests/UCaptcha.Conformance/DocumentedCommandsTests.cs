using System.Text.RegularExpressions;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Conformance;

/// <summary>The commands and programs that the documents show, run as they stand there against a server of its own.</summary>
public sealed partial class DocumentedCommandsTests
{
    // A refused call fails the script, and what is shown as 019a… or TASK_ID is the task that was made last.
    private const string Curl =
        """
        set -eu
        TASK=
        curl() {
          local answer
          answer=$(command curl --silent --show-error --fail-with-body --max-time 30 "${@//019a…/$TASK}") || { echo "refused: $* $answer"; return 1; }
          echo "$answer"
          [[ $answer =~ \"taskId\":\"([0-9a-f-]{36}) || $answer =~ ^OK\|([0-9a-f-]{36}) ]] && TASK=${BASH_REMATCH[1]}
          return 0
        }
        """;

    [Theory]
    [InlineData("README.md", 4)]
    [InlineData("docs/admin.md", 16)]
    [InlineData("docs/legacy.md", 2)]
    public async Task Curl_EveryDocumentedCommand_Succeeds(string document, int least)
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Secrets__MasterKey"] = Convert.ToBase64String(new byte[32]) });
        var blocks = Blocks(document, "sh").Where(block => block.Contains("curl ", StringComparison.Ordinal) && !block.Contains("buf curl", StringComparison.Ordinal));
        var script = string.Join('\n', blocks.Select(block => AtServer(block, server).Replace("TASK_ID", "$TASK", StringComparison.Ordinal)));

        await BashAsync($"KEY={server.FirstKey} ADMIN_KEY={server.AdminKey}\n{Curl}\n{script}");

        Assert.InRange(CurlCall().Count(script), least, int.MaxValue);
    }

    [Fact]
    public async Task BufCurl_OfTheReadme_Answers()
    {
        await using var server = await ServerProcess.StartAsync();
        var block = Blocks("README.md", "sh").Single(block => block.Contains("buf curl", StringComparison.Ordinal));

        var said = await BashAsync($"KEY={server.FirstKey}\n{AtServer(block, server).Replace("buf curl", ClientProgram.Buf + " curl", StringComparison.Ordinal)}");

        Assert.Contains(said, line => line.Contains("balance", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Protoc_OfTheReadme_MakesAClient()
    {
        ClientProgram.Require("protoc", "protobuf-compiler");
        ClientProgram.Require("grpc_python_plugin", "protobuf-compiler-grpc");
        using var folder = new TemporaryFolder();
        var block = Blocks("README.md", "sh").Single(block => block.Contains("protoc ", StringComparison.Ordinal));

        await BashAsync($"cd {folder.Path}\nln -s {ClientProgram.Protos} protos\n{block}");

        Assert.True(File.Exists(Path.Combine(folder.Path, "client/ucaptcha/v1/captcha_service_pb2_grpc.py")));
    }

    [Fact]
    public async Task Programs_OfTheReadme_SolveATask()
    {
        await using var server = await ServerProcess.StartAsync();
        using var folder = new TemporaryFolder();
        var python = Path.Combine(folder.Path, "example.py");
        await File.WriteAllTextAsync(python, AtServer(Blocks("README.md", "python").Single(), server));
        Assert.Contains("'status': 'ready'", string.Join('\n', await ClientProgram.PythonAsync(python, "requests")));

        var programs = Blocks("README.md", "js").ToArray();
        var fetch = Path.Combine(folder.Path, "fetch.mjs");
        await File.WriteAllTextAsync(fetch, AtServer(programs.Single(program => program.Contains("fetch(", StringComparison.Ordinal)), server));
        Assert.Contains("status: 'ready'", string.Join('\n', await ClientProgram.NodeAsync(fetch)));

        var grpc = AtServer(programs.Single(program => program.Contains("grpc-js", StringComparison.Ordinal)), server);
        var script = Path.Combine(folder.Path, "grpc.cjs");
        await File.WriteAllTextAsync(script, $"process.chdir('{Repository.Root}');\n" + grpc.Replace("require('@", $"require('{ClientProgram.ClientsFolder}/node_modules/@", StringComparison.Ordinal));
        Assert.Contains("balance", string.Join('\n', await ClientProgram.NodeAsync(script)));
    }

    private static IEnumerable<string> Blocks(string document, string language) =>
        Fence().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    private static string AtServer(string text, ServerProcess server) => KeyLine().Replace(text, "")
        .Replace("http://127.0.0.1:5080", server.Http, StringComparison.Ordinal)
        .Replace("http://127.0.0.1:5081", server.Grpc, StringComparison.Ordinal)
        .Replace("127.0.0.1:5081", server.GrpcTarget, StringComparison.Ordinal)
        .Replace("http://127.0.0.1:5082", server.Admin, StringComparison.Ordinal)
        .Replace("ucap_...", server.FirstKey, StringComparison.Ordinal);

    private static Task<IReadOnlyList<string>> BashAsync(string script) => ClientProgram.RunAsync("bash", ["-c", script]);

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^curl ", RegexOptions.Multiline)]
    private static partial Regex CurlCall();

    [GeneratedRegex("^KEY=.*$", RegexOptions.Multiline)]
    private static partial Regex KeyLine();
}
