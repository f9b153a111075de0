using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;

namespace UCaptcha.Transcoding.Http;

// The field that a message's event id is made of, and the one of the request that takes the id of the last event back (WHATWG HTML, section 9.2).
internal sealed class EventIdField
{
    private const string LastEventId = "Last-Event-ID";

    private readonly FieldDescriptor _field;
    private readonly FieldDescriptor[] _others;

    private EventIdField(FieldDescriptor field)
    {
        _field = field;
        _others = [.. field.ContainingType.Fields.InDeclarationOrder().Where(other => other != field)];
    }

    // The string field that the option marks, or null when none is.
    public static EventIdField? Of(MessageDescriptor type, Extension<FieldOptions, bool>? option)
    {
        var marked = option is null
            ? null
            : type.Fields.InDeclarationOrder().FirstOrDefault(
                field => field is { FieldType: FieldType.String, IsRepeated: false } && field.GetOptions()?.GetExtension(option) == true);
        return marked is null ? null : new EventIdField(marked);
    }

    // The id, or null when there is none or none that an event can have.
    public string? IdOf(IMessage message) =>
        _field.Accessor.GetValue(message) is string { Length: > 0 } id && id.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? id : null;

    // Whether the message says nothing but its id.
    public bool IsAllOf(IMessage message) => !Array.Exists(_others, field => IsSet(field, message));

    // An event source asks for the same address again and again, and says in this header how far it came.
    public void TakeBack(HttpRequest request, IMessage message)
    {
        if (request.Headers[LastEventId].ToString() is { Length: > 0 } id)
            _field.Accessor.SetValue(message, id);
    }

    private static bool IsSet(FieldDescriptor field, IMessage message) => field switch
    {
        { IsMap: true } => ((System.Collections.IDictionary)field.Accessor.GetValue(message)).Count > 0,
        { IsRepeated: true } => ((System.Collections.IList)field.Accessor.GetValue(message)).Count > 0,
        { HasPresence: true } => field.Accessor.HasValue(message),
        _ => !Equals(field.Accessor.GetValue(message), field.Accessor.GetValue(field.ContainingType.Parser.ParseFrom(ReadOnlySpan<byte>.Empty))),
    };
}
