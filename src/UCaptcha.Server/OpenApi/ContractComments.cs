using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using UCaptcha.V1;

namespace UCaptcha.Server.OpenApi;

/// <summary>What the contract's comments say of its elements, on one line each.</summary>
internal sealed partial class ContractComments
{
    private const string Resource = "contract.binpb";

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public ContractComments()
    {
        using var stream = typeof(CaptchaService).Assembly.GetManifestResourceStream(Resource)!;
        var files = FileDescriptorSet.Parser.ParseFrom(stream).File.Select(file => file.ToByteString());
        foreach (var file in FileDescriptor.BuildFromByteStrings(files).Where(file => file.Package == CaptchaService.Descriptor.File.Package))
        {
            foreach (var service in file.Services)
                Add(service, service.Methods);
            foreach (var message in file.MessageTypes)
                Add(message, message.Fields.InDeclarationOrder());
            foreach (var type in file.EnumTypes)
                Add(type, type.Values);
        }
    }

    /// <summary>The comment of an element, or null when it has none.</summary>
    public string? Of(IDescriptor element) => _texts.GetValueOrDefault(element.FullName);

    private void Add(DescriptorBase element, IEnumerable<DescriptorBase> parts)
    {
        foreach (var one in parts.Prepend(element))
        {
            if (one.Declaration?.LeadingComments is { } comment)
                _texts[one.FullName] = JsonNames().Replace(Spaces().Replace(comment, " "), "").Trim();
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    // The description is in those names anyway.
    [GeneratedRegex(@" (Documented as|JSON name) [\w.]+\.")]
    private static partial Regex JsonNames();
}
