using System.Text.Json;

namespace UCaptcha.Transcoding.Codec.Values;

// Reads and writes one value of the C# type of a field.
internal abstract class ValueCodec<T>
{
    // Whether a JSON null is a value and not absence.
    public virtual bool ReadsNull => false;

    // Whether the value has a form as plain text: in a query, in a path, as the key of a map.
    public virtual bool HasText => true;

    // The reader stands on the value's first token and is left on its last.
    public abstract T Read(ref Utf8JsonReader reader, ReadContext context);

    public abstract void Write(Utf8JsonWriter writer, T value);

    public virtual T ReadText(ReadOnlySpan<byte> text, ReadContext context) =>
        throw context.Error(JsonContractErrorKind.Unsupported, "cannot be given as text");

    // The name under which the value is a key of a map.
    public virtual string KeyText(T value) => throw new NotSupportedException();
}
