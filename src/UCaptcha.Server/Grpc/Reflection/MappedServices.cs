using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using UCaptcha.Server.Admin;
using ProtoService = Google.Protobuf.Reflection.ServiceDescriptor;

namespace UCaptcha.Server.Grpc.Reflection;

/// <summary>The gRPC services that this server has mapped for everyone, found at the first question, when all of them are.</summary>
internal sealed class MappedServices
{
    private readonly Lazy<Found> _found;

    /// <summary>Looks at the gRPC endpoints of <paramref name="endpoints"/>.</summary>
    public MappedServices(EndpointDataSource endpoints) => _found = new Lazy<Found>(() => Find(endpoints));

    /// <summary>Full service names in ordinal order.</summary>
    public IReadOnlyList<string> Names => _found.Value.Names;

    /// <summary>The files that declare the services. A service without generated code has none.</summary>
    public IReadOnlyList<FileDescriptor> Files => _found.Value.Files;

    /// <summary>Whether the server has a service of this full name.</summary>
    public bool Contains(string name) => _found.Value.Known.Contains(name);

    private static Found Find(EndpointDataSource endpoints)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var files = new List<FileDescriptor>();
        foreach (var method in endpoints.Endpoints.Where(endpoint => !AdminSurface.IsForAdmins(endpoint)).Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()).OfType<GrpcMethodMetadata>())
            if (names.Add(method.Method.ServiceName) && DescriptorOf(method.ServiceType) is { } descriptor && !files.Contains(descriptor.File))
                files.Add(descriptor.File);
        return new Found([.. names], files, names.ToHashSet(StringComparer.Ordinal));
    }

    // The generated base names the class that holds the descriptor.
    private static ProtoService? DescriptorOf(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } bind)
                return bind.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ProtoService;
        return null;
    }

    private sealed record Found(IReadOnlyList<string> Names, IReadOnlyList<FileDescriptor> Files, HashSet<string> Known);
}
