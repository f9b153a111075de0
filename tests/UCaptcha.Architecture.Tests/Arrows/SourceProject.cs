using System.Text.Json;

namespace UCaptcha.Architecture.Tests.Arrows;

// What MSBuild makes of a project under src, imports and all.
internal sealed class SourceProject
{
    private static readonly Lazy<Task<SourceProject[]>> Evaluated = new(() => Task.WhenAll(Repository.SourceProjects.Select(EvaluateAsync)));

    private readonly JsonElement _facts;

    private SourceProject(string path, JsonElement facts)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        _facts = facts;
    }

    public string Name { get; }

    public string AssemblyName => Property("AssemblyName");

    public bool IsCompat => !Name.StartsWith("UCaptcha.", StringComparison.Ordinal);

    public IEnumerable<string> ProjectReferences => Items("ProjectReference", "Filename");

    public IEnumerable<string> PackageReferences => Items("PackageReference", "Identity");

    public IEnumerable<string> AdditionalFiles => Items("AdditionalFiles", "FullPath");

    public static Task<SourceProject[]> AllAsync() => Evaluated.Value;

    public string Property(string name) => _facts.GetProperty("Properties").GetProperty(name).GetString()!;

    private static async Task<SourceProject> EvaluateAsync(string path)
    {
        var (exitCode, output) = await Repository.DotnetAsync(
            Path.GetDirectoryName(path)!, "msbuild", path, "-nologo", "-nodeReuse:false",
            "-getItem:ProjectReference,PackageReference,AdditionalFiles",
            "-getProperty:AssemblyName,NoWarn,WarningsNotAsErrors,RunAnalyzers,RunAnalyzersDuringBuild");
        return exitCode == 0
            ? new SourceProject(path, JsonDocument.Parse(output).RootElement)
            : throw new InvalidOperationException($"{path} cannot be evaluated: {output}");
    }

    private IEnumerable<string> Items(string type, string metadata) =>
        _facts.GetProperty("Items").GetProperty(type).EnumerateArray().Select(item => item.GetProperty(metadata).GetString()!);
}
