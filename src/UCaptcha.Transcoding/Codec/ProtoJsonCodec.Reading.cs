using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Codec.Messages;

namespace UCaptcha.Transcoding.Codec;

public sealed partial class ProtoJsonCodec
{
    [ThreadStatic]
    private static ReadContext? _spareContext;

    /// <summary>Reads a message from JSON in UTF-8; a byte order mark is passed over.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <exception cref="JsonContractException">The text is not what the message takes.</exception>
    public T Read<T>(ReadOnlySpan<byte> utf8) where T : class, IMessage<T>, new() => (T)Read(utf8, Prototype<T>.Descriptor);

    /// <summary>Reads a message of the given type from JSON in UTF-8; a byte order mark is passed over.</summary>
    /// <exception cref="JsonContractException">The text is not what the message takes.</exception>
    public IMessage Read(ReadOnlySpan<byte> utf8, MessageDescriptor type) => Read(utf8, type, isStrict: false, isLenient: false);

    // Reads what fits of a message, and says what did not; to a strict reader members that no field claims do not. Throws JsonContractException when the text is not readable at all.
    internal IMessage ReadWhatFits(ReadOnlySpan<byte> utf8, MessageDescriptor type, bool isStrict, out JsonContractException? misfit)
    {
        try
        {
            misfit = null;
            return Read(utf8, type, isStrict, isLenient: false);
        }
        catch (JsonContractException exception) when (exception.IsOfOneField && exception.Path.Length > 0)
        {
            misfit = exception;
        }

        return Read(utf8, type, isStrict, isLenient: true);
    }

    private IMessage Read(ReadOnlySpan<byte> utf8, MessageDescriptor type, bool isStrict, bool isLenient)
    {
        var codec = CodecOf(type);
        var reader = Open(ref utf8);
        var context = TakeContext();
        context.IsStrict = isStrict;
        context.IsLenient = isLenient;
        try
        {
            reader.Read();
            var message = codec.ReadMessage(ref reader, context);
            reader.Read();
            return message;
        }
        catch (JsonException exception)
        {
            throw Malformed(exception);
        }
        finally
        {
            _spareContext = context;
        }
    }

    /// <summary>Reads the value of one field from JSON in UTF-8 and sets it; null leaves it as it is.</summary>
    /// <exception cref="JsonContractException">The text is not what the field takes.</exception>
    public void ReadField(ReadOnlySpan<byte> utf8, IMessage message, FieldDescriptor field) => ReadField(utf8, message, field, isStrict: false);

    internal void ReadField(ReadOnlySpan<byte> utf8, IMessage message, FieldDescriptor field, bool isStrict)
    {
        ArgumentNullException.ThrowIfNull(message);
        var plan = PlanOf(field);
        var reader = Open(ref utf8);
        var context = TakeContext();
        context.IsStrict = isStrict;
        try
        {
            context.Push(plan.Name);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null || plan.ReadsNull)
                plan.Read(ref reader, message, context);
            reader.Read();
        }
        catch (JsonException exception)
        {
            throw Malformed(exception);
        }
        finally
        {
            _spareContext = context;
        }
    }

    // Sets a field, reached through the others, from text; a repeated one gets one more element. Returns why the text does not fit, or null.
    internal JsonContractException? ReadTextIfItFits(string text, IMessage message, ReadOnlySpan<FieldPlan> path)
    {
        try
        {
            ReadText(text, message, path);
            return null;
        }
        catch (JsonContractException exception) when (exception.IsOfOneField)
        {
            return exception;
        }
    }

    private void ReadText(string text, IMessage message, ReadOnlySpan<FieldPlan> path)
    {
        var context = TakeContext();
        try
        {
            foreach (var outer in path[..^1])
            {
                context.Push(outer.Name);
                if (outer.Descriptor.Accessor.GetValue(message) is not IMessage inner)
                {
                    inner = outer.Descriptor.MessageType.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
                    outer.Descriptor.Accessor.SetValue(message, inner);
                }

                message = inner;
            }

            context.Push(path[^1].Name);
            path[^1].ReadText(Encoding.UTF8.GetBytes(text), message, context);
        }
        finally
        {
            _spareContext = context;
        }
    }

    private FieldPlan PlanOf(FieldDescriptor field)
    {
        ArgumentNullException.ThrowIfNull(field);
        foreach (var plan in TableOf(field.ContainingType) is { } table ? table.Fields : [])
        {
            if (plan.Descriptor == field)
                return plan;
        }

        throw new ArgumentException($"{field.FullName} has no JSON form of its own.", nameof(field));
    }

    private Utf8JsonReader Open(ref ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > _options.MaxSize)
            throw new JsonContractException(JsonContractErrorKind.TooLarge, "", $"The body is longer than {_options.MaxSize} bytes.");
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw new JsonContractException(JsonContractErrorKind.Empty, "", "The body is empty.");
        if (!Utf8.IsValid(utf8))
            throw new JsonContractException(JsonContractErrorKind.InvalidUtf8, "", "The body is not valid UTF-8.");

        // One level more than the context allows, so that it is the context that refuses.
        return new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = _options.MaxDepth + 1 });
    }

    private ReadContext TakeContext()
    {
        var context = _spareContext;
        _spareContext = null;
        if (context?.MaxDepth != _options.MaxDepth)
            return new ReadContext(_options.MaxDepth);

        context.Reset();
        return context;
    }

    // The reader's own message quotes the text.
    private static JsonContractException Malformed(JsonException exception) => new(
        JsonContractErrorKind.Malformed,
        "",
        $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");

    private static class Prototype<T> where T : IMessage<T>, new()
    {
        public static readonly MessageDescriptor Descriptor = new T().Descriptor;
    }
}
