using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Codec.Messages;

namespace UCaptcha.Transcoding.Binding;

// Sets fields from the query: by JSON or proto name, nested with dots, repeated fields by repetition. Unknown parameters, and those of fields that
// the path or the body sets, are passed over, or refused by a strict binder.
internal sealed class QueryBinder(ProtoJsonCodec codec, MessageDescriptor type, Func<FieldPlan[], bool> isSetElsewhere, bool isStrict)
{
    // Returns the first value that does not fit its field or has none, or null.
    public JsonContractException? Bind(QueryString query, IMessage message)
    {
        JsonContractException? misfit = null;
        if (!query.HasValue)
            return misfit;

        var seen = new HashSet<string>();
        foreach (var parameter in new QueryStringEnumerable(query.Value))
        {
            var name = parameter.DecodeName().ToString();
            if (FieldPath.Resolve(codec, type, name) is not { } path || isSetElsewhere(path))
            {
                misfit ??= isStrict ? Unknown(name) : null;
                continue;
            }

            var jsonPath = string.Join('.', path.Select(field => field.Name));
            var isFirst = seen.Add(OneofKey(path) ?? jsonPath);
            if (!isFirst && !path[^1].Descriptor.IsRepeated)
            {
                throw new JsonContractException(
                    JsonContractErrorKind.Duplicate, jsonPath, $"{jsonPath} occurs more than once, or excludes another parameter.");
            }

            var value = parameter.DecodeValue().ToString();
            var found = codec.ReadTextIfItFits(value, message, path);
            misfit ??= found;
        }

        return misfit;
    }

    private JsonContractException Unknown(string name)
    {
        FieldPlan[] fields = codec.TableOf(type) is { } table ? [.. table.Fields] : [];
        var known = fields.Where(field => (field.HasText || field.Nested is not null) && !isSetElsewhere([field]));
        return JsonContractException.IsUnknown(ReadContext.Clean(name), " in the query", known.Select(field => field.Name));
    }

    // Members of one oneof exclude one another.
    private static string? OneofKey(FieldPlan[] path) => path[^1].Descriptor.RealContainingOneof is { } oneof
        ? $"{string.Join('.', path[..^1].Select(field => field.Name))}|{oneof.Name}"
        : null;
}
