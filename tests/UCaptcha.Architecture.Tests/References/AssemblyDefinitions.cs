using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace UCaptcha.Architecture.Tests.References;

// What some assemblies offer to others: the types and members that are public, or protected in a type that can be derived from.
internal sealed class AssemblyDefinitions
{
    private readonly HashSet<TypeUse> _types = [];
    private readonly HashSet<MemberUse> _members = [];
    private readonly Dictionary<TypeUse, TypeUse> _bases = [];

    public static AssemblyDefinitions Beside(params string[] names)
    {
        var definitions = new AssemblyDefinitions();
        foreach (var name in names)
            definitions.Add(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        return definitions;
    }

    public bool Has(TypeUse type) => _types.Contains(type);

    public bool Has(MemberUse member)
    {
        for (var type = new TypeUse(member.Assembly, member.Type); type is not null && Has(type); type = _bases.GetValueOrDefault(type))
        {
            if (_members.Contains(member with { Assembly = type.Assembly, Type = type.Type }))
                return true;
        }

        return false;
    }

    private void Add(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        var assembly = reader.GetString(reader.GetAssemblyDefinition().Name);
        foreach (var handle in reader.TypeDefinitions.Where(handle => IsVisible(reader, handle)))
            Add(reader, assembly, handle);
    }

    private void Add(MetadataReader reader, string assembly, TypeDefinitionHandle handle)
    {
        var definition = reader.GetTypeDefinition(handle);
        var type = new TypeUse(assembly, SignatureText.NameOf(reader, handle));
        _types.Add(type);
        if (definition.BaseType is { IsNil: false, Kind: HandleKind.TypeDefinition })
            _bases[type] = new TypeUse(assembly, SignatureText.NameOf(reader, (TypeDefinitionHandle)definition.BaseType));

        foreach (var method in definition.GetMethods().Select(reader.GetMethodDefinition))
        {
            if ((method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem)
                Add(type, reader.GetString(method.Name), SignatureText.Of(method.DecodeSignature(SignatureText.Instance, null)));
        }

        foreach (var field in definition.GetFields().Select(reader.GetFieldDefinition))
        {
            if ((field.Attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem)
                Add(type, reader.GetString(field.Name), field.DecodeSignature(SignatureText.Instance, null));
        }
    }

    private void Add(TypeUse type, string name, string signature) => _members.Add(new MemberUse(type.Assembly, type.Type, name, signature));

    private static bool IsVisible(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(reader, type.GetDeclaringType()),
            _ => false,
        };
    }
}
