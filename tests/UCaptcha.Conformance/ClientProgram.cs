using UCaptcha.TestKit.Processes;

namespace UCaptcha.Conformance;

/// <summary>Runs a client of another stack to its end and returns what it printed. A test whose program is not installed is skipped by name.</summary>
internal static class ClientProgram
{
    private const string SystemPython = "/usr/bin/python3";

    public static string ClientsFolder { get; } = Path.Combine(Repository.Root, "tests/UCaptcha.Conformance/clients");

    public static string Protos { get; } = Path.Combine(Repository.Root, "protos");

    public static string Buf => NodeModule(".bin/buf");

    public static Task<IReadOnlyList<string>> NodeAsync(string script, params string[] arguments)
    {
        Assert.SkipUnless(OnPath("node") is not null, "node is not installed");
        NodeModule("@grpc/grpc-js");
        return RunAsync("node", ["--require", Path.Combine(ClientsFolder, "loopback-only.cjs"), Path.Combine(ClientsFolder, script), .. arguments]);
    }

    public static async Task<IReadOnlyList<string>> PythonAsync(string script, string module, params string[] arguments)
    {
        // Debian's packages are for Debian's Python, whichever other comes first on the path.
        Assert.SkipUnless(File.Exists(SystemPython), "Debian's python3 is not installed");
        Assert.SkipUnless(await SucceedsAsync(SystemPython, "-c", $"import {module}"), $"python3-{module} is not installed");
        return await RunAsync(SystemPython, [Path.Combine(ClientsFolder, script), .. arguments]);
    }

    public static async Task<IReadOnlyList<string>> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        await using var process = ProgramProcess.Start(program, arguments, folder: ClientsFolder);
        var code = await process.WaitForExitAsync();
        var lines = process.Output.ToArray();
        Assert.True(code == 0, $"{program} ended with {code}:\n{string.Join('\n', lines)}");
        return lines;
    }

    public static string Require(string program, string package)
    {
        var path = OnPath(program);
        Assert.SkipWhen(path is null, $"{program} is not installed (Debian: {package})");
        return path!;
    }

    public static string NodeModule(string name)
    {
        var path = Path.Combine(ClientsFolder, "node_modules", name);
        Assert.SkipUnless(Path.Exists(path), "the npm packages are not installed: npm install --prefix tests/UCaptcha.Conformance/clients");
        return path;
    }

    private static async Task<bool> SucceedsAsync(string program, params string[] arguments)
    {
        await using var process = ProgramProcess.Start(program, arguments);
        return await process.WaitForExitAsync() == 0;
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
