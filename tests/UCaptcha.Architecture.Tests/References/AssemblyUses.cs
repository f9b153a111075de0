using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace UCaptcha.Architecture.Tests.References;

internal sealed record TypeUse(string Assembly, string Type);

internal sealed record MemberUse(string Assembly, string Type, string Name, string Signature)
{
    public override string ToString() => $"[{Assembly}]{Type}::{Name} {Signature}";
}

// What one compiled assembly uses of others.
internal sealed class AssemblyUses
{
    private AssemblyUses(AssemblyName name, IReadOnlyList<AssemblyName> assemblies, IReadOnlyList<TypeUse> types, IReadOnlyList<MemberUse> members)
    {
        Name = name;
        Assemblies = assemblies;
        Types = types;
        Members = members;
    }

    public AssemblyName Name { get; }

    public IReadOnlyList<AssemblyName> Assemblies { get; }

    public IReadOnlyList<TypeUse> Types { get; }

    public IReadOnlyList<MemberUse> Members { get; }

    // The assembly of that name beside the tests.
    public static AssemblyUses Beside(string name) => Read(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

    public static AssemblyUses Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return new AssemblyUses(
            reader.GetAssemblyDefinition().GetAssemblyName(),
            [.. reader.AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle).GetAssemblyName())],
            [.. reader.TypeReferences.Select(handle => TypeOf(reader, handle)).OfType<TypeUse>()],
            [.. reader.MemberReferences.Select(handle => MemberOf(reader, reader.GetMemberReference(handle))).OfType<MemberUse>()]);
    }

    private static TypeUse? TypeOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        EntityHandle scope = handle;
        while (scope.Kind == HandleKind.TypeReference)
            scope = reader.GetTypeReference((TypeReferenceHandle)scope).ResolutionScope;
        if (scope.Kind != HandleKind.AssemblyReference)
            return null;

        var assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)scope);
        return new TypeUse(reader.GetString(assembly.Name), SignatureText.NameOf(reader, handle));
    }

    private static MemberUse? MemberOf(MetadataReader reader, MemberReference member)
    {
        var owner = member.Parent.Kind == HandleKind.TypeSpecification
            ? GenericTypeOf(reader, (TypeSpecificationHandle)member.Parent)
            : member.Parent;
        if (owner.Kind != HandleKind.TypeReference || TypeOf(reader, (TypeReferenceHandle)owner) is not { } type)
            return null;

        var signature = member.GetKind() == MemberReferenceKind.Field
            ? member.DecodeFieldSignature(SignatureText.Instance, null)
            : SignatureText.Of(member.DecodeMethodSignature(SignatureText.Instance, null));
        return new MemberUse(type.Assembly, type.Type, reader.GetString(member.Name), signature);
    }

    private static EntityHandle GenericTypeOf(MetadataReader reader, TypeSpecificationHandle handle)
    {
        var blob = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return default(TypeDefinitionHandle);

        blob.ReadCompressedInteger(); // class or value type
        return blob.ReadTypeHandle();
    }
}
