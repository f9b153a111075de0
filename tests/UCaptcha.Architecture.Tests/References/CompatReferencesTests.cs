using System.Reflection;

namespace UCaptcha.Architecture.Tests.References;

// Nothing that the two real packages use of the two stand-ins is missing: a gap is a red test and never a MissingMethodException.
public sealed class CompatReferencesTests
{
    private const string Core = "Grpc.Core.Api";
    private const string Common = "Grpc.Net.Common";

    public static TheoryData<string> Packages => ["Grpc.AspNetCore.Server", "Grpc.Net.Client"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Types_ThatAPackageUses_Exist(string package)
    {
        var definitions = AssemblyDefinitions.Beside(Core, Common);
        var uses = AssemblyUses.Beside(package).Types.Where(use => use.Assembly is Core or Common).ToList();

        Assert.True(uses.Count > 20, $"{package} holds only {uses.Count} type references.");
        Assert.All(uses, use => Assert.True(definitions.Has(use), $"{use} is missing."));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Members_ThatAPackageUses_Exist(string package)
    {
        var definitions = AssemblyDefinitions.Beside(Core, Common);
        var uses = AssemblyUses.Beside(package).Members.Where(use => use.Assembly is Core or Common).ToList();

        Assert.True(uses.Count > 50, $"{package} holds only {uses.Count} member references.");
        Assert.All(uses, use => Assert.True(definitions.Has(use), $"{use} is missing."));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Identity_ThatAPackageAsksFor_IsOurs(string package)
    {
        foreach (var wanted in AssemblyUses.Beside(package).Assemblies.Where(name => name.Name is Core or Common))
        {
            var found = AssemblyUses.Beside(wanted.Name!).Name;
            Assert.Equal(wanted.Version, found.Version);
            Assert.Equal(Convert.ToHexString(wanted.GetPublicKeyToken()!), Convert.ToHexString(found.GetPublicKeyToken()!));
        }
    }

    [Theory]
    [InlineData(Core)]
    [InlineData(Common)]
    public void Identity_OfAStandIn_IsThatOfThePackage(string name)
    {
        var assembly = Assembly.Load(name);

        Assert.Equal(new Version(2, 0, 0, 0), assembly.GetName().Version);
        Assert.Equal("D754F35622E28BAD", Convert.ToHexString(assembly.GetName().GetPublicKeyToken()!));
        Assert.StartsWith("2.85.0", assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
    }

    // Loading a type checks that it implements every abstract member it inherits.
    [Theory]
    [MemberData(nameof(Packages))]
    public void Types_OfAPackage_Load(string package) => Assert.NotEmpty(Assembly.Load(package).GetTypes());

    // An override whose base is missing loads without a word, and is then never called.
    [Theory]
    [MemberData(nameof(Packages))]
    public void Overrides_InAPackage_OverrideSomething(string package)
    {
        const BindingFlags declared =
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var overrides = Assembly.Load(package).GetTypes()
            .Where(type => !type.IsInterface)
            .SelectMany(type => type.GetMethods(declared))
            .Where(method => method.IsVirtual && (method.Attributes & MethodAttributes.NewSlot) == 0)
            .ToList();

        Assert.NotEmpty(overrides);
        Assert.All(overrides, method => Assert.True(method.GetBaseDefinition() != method, $"{method.DeclaringType}.{method.Name} overrides nothing."));
    }
}
