using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Admin;

/// <summary>Field masks in the words of the surface that a call came in by: lowerCamelCase in JSON, the contract's own names in gRPC.</summary>
internal sealed class MaskWords
{
    private static readonly MaskWords Json = new(static path => string.Join('.', path.Split('.').Select(Camel)));
    private static readonly MaskWords Proto = new(static path => path);

    private readonly Func<string, string> _say;

    private MaskWords(Func<string, string> say) => _say = say;

    /// <summary>The words of a call.</summary>
    public static MaskWords Of(ServerCallContext context) => TranscodingFeature.Of(context.GetHttpContext()) is null ? Proto : Json;

    /// <summary>What a mask names, in the contract's own names; a mask may have it in lowerCamelCase too.</summary>
    /// <param name="mask">The mask, or null.</param>
    /// <param name="known">What can be changed, in the contract's own names.</param>
    /// <param name="examples">Some of them.</param>
    /// <exception cref="RefusedException">The mask is missing, or names what cannot be changed.</exception>
    public IReadOnlyList<string> Read(FieldMask? mask, IReadOnlyCollection<string> known, params string[] examples)
    {
        if (mask is not { Paths.Count: > 0 })
            throw AdminRefusals.Bad("updateMask", $"{_say("update_mask")} must name the fields to change, such as {List(examples)}.");
        string[] paths = [.. mask.Paths.Select(Snake)];
        if (Array.FindIndex(paths, path => !known.Contains(path)) is >= 0 and var unknown)
            throw AdminRefusals.Bad("updateMask", $"{_say("update_mask")} names '{_say(mask.Paths[unknown])}'; known are: {List(known)}.");
        return paths;
    }

    private string List(IEnumerable<string> paths) => string.Join(", ", paths.Select(_say));

    private static string Snake(string path) => string.Concat(path.Select(c => char.IsAsciiLetterUpper(c) ? "_" + char.ToLowerInvariant(c) : c.ToString()));

    private static string Camel(string name) =>
        string.Concat(name.Split('_').Select((word, index) => index == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
