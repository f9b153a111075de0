using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace UCaptcha.Server.Grpc.Reflection;

/// <summary>Finds files of the schema by path, by declared name and by extension. Holds the given files and all that they import.</summary>
internal sealed class SchemaIndex
{
    private readonly Dictionary<string, FileDescriptor> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _bySymbol = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _byExtendee = new(StringComparer.Ordinal);

    /// <summary>Reads <paramref name="files"/> and their imports.</summary>
    public SchemaIndex(IEnumerable<FileDescriptor> files)
    {
        foreach (var file in files)
            Add(file);
    }

    /// <summary>The file with this path, as imports name it, or null.</summary>
    public FileDescriptor? ByPath(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>The file that declares this full name, or null.</summary>
    public FileDescriptor? BySymbol(string fullName) => _bySymbol.GetValueOrDefault(fullName);

    /// <summary>The file that declares this extension, or null.</summary>
    public FileDescriptor? ByExtension(string extendee, int number) =>
        _byExtendee.TryGetValue(extendee, out var numbers) ? numbers.GetValueOrDefault(number) : null;

    /// <summary>The numbers of the extensions of a message type in ascending order, or null when there is no such message type.</summary>
    public IReadOnlyCollection<int>? ExtensionNumbers(string messageType) =>
        _byExtendee.TryGetValue(messageType, out var numbers) ? numbers.Keys : IsMessage(messageType) ? [] : null;

    /// <summary>The serialized file, then those it imports, directly or not, each once.</summary>
    public static IEnumerable<ByteString> WithImports(FileDescriptor file)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { file.Name };
        var waiting = new Queue<FileDescriptor>([file]);
        while (waiting.TryDequeue(out var next))
        {
            yield return next.SerializedData;
            foreach (var import in next.Dependencies)
                if (seen.Add(import.Name))
                    waiting.Enqueue(import);
        }
    }

    private bool IsMessage(string name) => BySymbol(name) is { } file && Messages(file.MessageTypes).Any(message => message.FullName == name);

    private static IEnumerable<MessageDescriptor> Messages(IEnumerable<MessageDescriptor> messages) =>
        messages.SelectMany(message => Messages(message.NestedTypes).Prepend(message));

    private void Add(FileDescriptor file)
    {
        if (!_byPath.TryAdd(file.Name, file))
            return;
        foreach (var name in SchemaNames.DeclaredBy(file.ToProto()))
            _bySymbol.TryAdd(name, file);
        foreach (var extension in SchemaNames.ExtensionsOf(file.ToProto()))
        {
            var extendee = extension.Extendee.TrimStart('.');
            if (!_byExtendee.TryGetValue(extendee, out var numbers))
                _byExtendee[extendee] = numbers = [];
            numbers.TryAdd(extension.Number, file);
        }

        foreach (var import in file.Dependencies)
            Add(import);
    }
}
