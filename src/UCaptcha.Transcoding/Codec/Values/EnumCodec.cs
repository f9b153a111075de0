using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Codec.Messages;

namespace UCaptcha.Transcoding.Codec.Values;

// An enum: its documented string, its proto name or its number; written as the documented string, an unknown value as its number.
internal sealed class EnumCodec<T> : ValueCodec<T> where T : struct, Enum
{
    private const int ListedValues = 24;

    private readonly IntegerCodec<int> _numbers = new();
    private readonly NameTable<EnumValueDescriptor> _byText = new(ignoreCase: false);
    private readonly Dictionary<int, JsonEncodedText> _texts = [];
    private readonly string _expected;

    public EnumCodec(EnumDescriptor type, ProtoJsonOptions options)
    {
        var named = type.Values.Select(value => (Value: value, Text: Text(value, options))).ToList();
        foreach (var (value, text) in named)
        {
            _byText.TryAdd(text, value);
            _texts.TryAdd(value.Number, JsonEncodedText.Encode(text, ProtoJsonCodec.Encoder));
        }

        foreach (var value in type.Values)
            _byText.TryAdd(value.Name, value);

        var listed = string.Join(", ", named.Where(entry => entry.Value.Number != 0).Take(ListedValues).Select(entry => entry.Text));
        _expected = listed.Length == 0 ? "a known value" : $"one of: {listed}";
    }

    public override T Read(ref Utf8JsonReader reader, ReadContext context) => reader.TokenType switch
    {
        JsonTokenType.String => ReadText(context.GetText(ref reader), context),
        JsonTokenType.Number => FromNumber(_numbers.Read(ref reader, context)),
        _ => throw context.WrongType(_expected),
    };

    public override T ReadText(ReadOnlySpan<byte> text, ReadContext context)
    {
        if (_byText.Find(text) is { } value)
            return FromNumber(value.Number);

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? FromNumber(number)
            : throw context.InvalidFormat(_expected);
    }

    public override void Write(Utf8JsonWriter writer, T value)
    {
        var number = Unsafe.BitCast<T, int>(value);
        if (_texts.TryGetValue(number, out var text))
            writer.WriteStringValue(text);
        else
            writer.WriteNumberValue(number);
    }

    private static T FromNumber(int number) => Unsafe.BitCast<int, T>(number);

    private static string Text(EnumValueDescriptor value, ProtoJsonOptions options)
    {
        var text = options.EnumText is { } extension ? value.GetOptions()?.GetExtension(extension) : null;
        return string.IsNullOrEmpty(text) ? value.Name : text;
    }
}
