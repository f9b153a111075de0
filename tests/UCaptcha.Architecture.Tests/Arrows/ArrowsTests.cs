using UCaptcha.Architecture.Tests.References;

namespace UCaptcha.Architecture.Tests.Arrows;

public sealed class ArrowsTests
{
    [Fact]
    public async Task Projects_UnderSrc_ReferenceOnlyWhomTheyMayKnow()
    {
        var projects = await SourceProject.AllAsync();

        Assert.Contains(projects, project => project.Name == "Grpc.Net.Common" && project.ProjectReferences.Contains("Grpc.Core.Api"));
        Findings.AssertNone(projects.SelectMany(project => House.WrongProjects(project.Name, project.ProjectReferences)));
    }

    [Fact]
    public async Task Projects_UnderSrc_TakeNoPackageThatTheyMustNotUse()
    {
        var projects = await SourceProject.AllAsync();

        Findings.AssertNone(projects.SelectMany(project => House.WrongUses(project.Name, project.PackageReferences)));
    }

    // A reference may come to a project through another; what its code does with it is only seen in the assembly.
    [Fact]
    public async Task Assemblies_OfSrc_UseOnlyWhatTheyMay()
    {
        var projects = await SourceProject.AllAsync();

        Findings.AssertNone(projects.Where(project => !project.IsCompat).SelectMany(WrongUses));
    }

    private static IEnumerable<string> WrongUses(SourceProject project)
    {
        var uses = AssemblyUses.Beside(project.AssemblyName);
        var assemblies = uses.Assemblies.Select(assembly => assembly.Name!).ToList();
        return House.WrongProjects(project.Name, assemblies.Where(House.Rooms.ContainsKey))
            .Concat(House.WrongUses(project.Name, assemblies.Concat(uses.Types.Select(type => type.Type))));
    }
}
