using Google.Protobuf.Reflection;

namespace UCaptcha.Server.Grpc.Reflection;

/// <summary>What a file declares, read from its descriptor message: protobuf's scoping rules are the same for all of them there.</summary>
internal static class SchemaNames
{
    /// <summary>The full names of all that the file declares.</summary>
    public static IEnumerable<string> DeclaredBy(FileDescriptorProto file)
    {
        var scope = file.Package.Length == 0 ? "" : file.Package + ".";
        return
        [
            .. file.MessageType.SelectMany(message => OfMessage(scope, message)),
            .. file.EnumType.SelectMany(type => OfEnum(scope, type)),
            .. file.Extension.Select(extension => scope + extension.Name),
            .. file.Service.SelectMany(service => service.Method.Select(method => $"{scope}{service.Name}.{method.Name}").Prepend(scope + service.Name)),
        ];
    }

    /// <summary>The extensions that the file declares, nested ones included.</summary>
    public static IEnumerable<FieldDescriptorProto> ExtensionsOf(FileDescriptorProto file) => file.Extension.Concat(file.MessageType.SelectMany(ExtensionsOf));

    private static IEnumerable<FieldDescriptorProto> ExtensionsOf(DescriptorProto message) => message.Extension.Concat(message.NestedType.SelectMany(ExtensionsOf));

    private static IEnumerable<string> OfMessage(string scope, DescriptorProto message)
    {
        var inner = $"{scope}{message.Name}.";
        return
        [
            scope + message.Name,
            .. message.Field.Select(field => inner + field.Name),
            .. message.OneofDecl.Select(oneof => inner + oneof.Name),
            .. message.Extension.Select(extension => inner + extension.Name),
            .. message.EnumType.SelectMany(type => OfEnum(inner, type)),
            .. message.NestedType.SelectMany(nested => OfMessage(inner, nested)),
        ];
    }

    // The values of an enum are its siblings, not its children.
    private static IEnumerable<string> OfEnum(string scope, EnumDescriptorProto type) => type.Value.Select(value => scope + value.Name).Prepend(scope + type.Name);
}
