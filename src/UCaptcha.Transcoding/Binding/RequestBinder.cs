using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Codec.Messages;
using UCaptcha.Transcoding.Templates;

namespace UCaptcha.Transcoding.Binding;

// A request message, and the first of its values that did not fit and was left out.
internal readonly record struct BoundRequest(IMessage Message, JsonContractException? Misfit);

// Makes the request message of a method from body, query and path, as one rule says.
internal sealed class RequestBinder
{
    private const string WholeBody = "*";

    private readonly ProtoJsonCodec _codec;
    private readonly MessageDescriptor _type;
    private readonly PathTemplate _template;
    private readonly FieldPlan[][] _pathFields;
    private readonly FieldDescriptor? _bodyField;
    private readonly QueryBinder? _query;
    private readonly bool _hasBody;
    private readonly bool _isStrict;

    // The template is that of the rule with the prefix before it. A strict binder takes no name that sets nothing, and no member that contradicts the path. Throws InvalidOperationException when the rule names a field that does not exist.
    public RequestBinder(ProtoJsonCodec codec, MethodDescriptor method, HttpRuleBinding rule, PathTemplate template, bool isStrict)
    {
        _codec = codec;
        _type = method.InputType;
        _template = template;
        _isStrict = isStrict;
        _pathFields = [.. template.Variables.Select(variable => PathField(codec, method, variable))];
        _hasBody = rule.Body.Length > 0;
        if (rule.Body == WholeBody)
        {
            _query = isStrict ? new QueryBinder(codec, _type, field => true, isStrict) : null;
            return;
        }

        _bodyField = _hasBody ? FieldOf(method, method.InputType, rule.Body) : null;
        var bodyPlan = _bodyField is null ? null : codec.TableOf(_type)?.Find(Encoding.UTF8.GetBytes(_bodyField.JsonName));
        _query = new QueryBinder(codec, _type, path => path[0] == bodyPlan || _pathFields.Any(taken => taken.AsSpan().SequenceEqual(path)), isStrict);
    }

    // Whether the body of a request is to be read: a strict binder looks also at one that the rule has no place for.
    public bool Reads(HttpRequest request) =>
        _hasBody || (_isStrict && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true });

    // Throws JsonContractException for a request that cannot be read.
    public BoundRequest Bind(HttpRequest request, ReadOnlySpan<byte> body)
    {
        JsonContractException? misfit = null;
        var message = _hasBody && _bodyField is null
            ? _codec.ReadWhatFits(body, _type, _isStrict, out misfit)
            : _type.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
        if (_bodyField is not null)
            misfit = BindBodyField(body, message, _bodyField);
        else if (!_hasBody && body.IndexOfAnyExcept(" \t\r\n"u8) >= 0)
            _codec.ReadWhatFits(body, Empty.Descriptor, _isStrict, out misfit);

        var inQuery = _query?.Bind(request.QueryString, message);
        misfit ??= inQuery;
        return new BoundRequest(message, BindPath(request.Path.Value!, message, misfit));
    }

    // The field that a rule names. Throws InvalidOperationException when there is none.
    public static FieldDescriptor FieldOf(MethodDescriptor method, MessageDescriptor type, string name) =>
        type.FindFieldByName(name) ?? throw NoSuchField(method, type, name);

    private JsonContractException? BindBodyField(ReadOnlySpan<byte> body, IMessage message, FieldDescriptor field)
    {
        try
        {
            _codec.ReadField(body, message, field, _isStrict);
            return null;
        }
        catch (JsonContractException exception) when (exception.IsOfOneField)
        {
            return exception;
        }
    }

    private JsonContractException? BindPath(string requested, IMessage message, JsonContractException? misfit)
    {
        if (_pathFields.Length == 0)
            return misfit;

        var values = new string[_pathFields.Length];
        _template.TryMatch(requested, values);
        for (var index = 0; index < values.Length; index++)
        {
            var path = _pathFields[index];
            var given = _isStrict ? FieldPath.ValueOf(message, path) : null;
            var found = _codec.ReadTextIfItFits(values[index], message, path);
            misfit ??= found;
            if (given is not null && !given.Equals(FieldPath.ValueOf(message, path)))
                misfit ??= JsonContractException.Contradicts(string.Join('.', path.Select(field => field.Name)));
        }

        return misfit;
    }

    private static FieldPlan[] PathField(ProtoJsonCodec codec, MethodDescriptor method, TemplateVariable variable)
    {
        var path = FieldPath.Resolve(codec, method.InputType, variable.FieldPath);
        return path is null || path[^1].Descriptor.IsRepeated ? throw NoSuchField(method, method.InputType, variable.FieldPath) : path;
    }

    private static InvalidOperationException NoSuchField(MethodDescriptor method, MessageDescriptor type, string name) =>
        new($"The google.api.http rule of {method.FullName} names {name}, which is no field of {type.FullName} or none that it could set.");
}
