using System.Text.Json;

namespace UCaptcha.Transcoding.Codec.Values;

// A field of a google.protobuf wrapper, which C# sees as T?.
internal sealed class NullableCodec<T>(ValueCodec<T> inner) : ValueCodec<T?> where T : struct
{
    public override T? Read(ref Utf8JsonReader reader, ReadContext context) => inner.Read(ref reader, context);

    public override T? ReadText(ReadOnlySpan<byte> text, ReadContext context) => inner.ReadText(text, context);

    public override void Write(Utf8JsonWriter writer, T? value) => inner.Write(writer, value.GetValueOrDefault());
}
