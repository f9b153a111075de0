using System.Buffers;
using System.Globalization;
using System.Text.Json;
using UCaptcha.Core;

namespace UCaptcha.Server.Legacy;

/// <summary>How an older API says a task: the task type, and which of its parameters is which field.</summary>
/// <param name="Type">The task type with a proxy of the client's.</param>
/// <param name="Words">Its parameters.</param>
internal sealed record TaskWords(string Type, params Word[] Words)
{
    /// <summary>The parameters that carry a proxy, the same in all of these APIs.</summary>
    private static readonly Word[] Proxy = [new("proxy", "proxy"), new("proxytype", "proxyType")];

    /// <summary>The task type without a proxy.</summary>
    public string ProxylessType { get; init; } = Type + "Proxyless";

    /// <summary>A field with the same value in every such task, or null.</summary>
    public (string Name, int Value)? Constant { get; init; }

    /// <summary>The task object as UTF-8 JSON. Parameters without a word are left out.</summary>
    public ReadOnlyMemory<byte> Write(Parameters parameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", parameters["proxy"] is null ? ProxylessType : Type);
            if (Constant is { } constant)
                writer.WriteNumber(constant.Name, constant.Value);
            var written = new HashSet<string>(StringComparer.Ordinal);
            foreach (var word in Words.Concat(Proxy))
            {
                if (!written.Contains(word.Ours) && word.TryWrite(parameters, writer))
                    written.Add(word.Ours);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The same refusal with the fields under the names that the caller gave them.</summary>
    public RefusedException InTheirWords(RefusedException refusal)
    {
        var sentence = refusal.Message;
        foreach (var word in Words.Concat(Proxy))
            sentence = sentence.Replace($"task.{word.Ours} ", $"{word.Theirs} ", StringComparison.Ordinal);
        return new RefusedException(refusal.Code, sentence, refusal.Field, refusal.RetryAfter);
    }
}

/// <summary>A parameter of an older API.</summary>
/// <param name="Theirs">Its name there.</param>
/// <param name="Ours">The field it is.</param>
/// <param name="Kind">How its text becomes the field's value.</param>
internal sealed record Word(string Theirs, string Ours, WordKind Kind = WordKind.AsItIs)
{
    /// <summary>Writes the field when the parameter was sent.</summary>
    public bool TryWrite(Parameters parameters, Utf8JsonWriter writer)
    {
        if (Kind == WordKind.Bracketed)
            return TryWriteBracketed(parameters, writer);
        if (parameters[Theirs] is not { } value)
            return false;
        writer.WritePropertyName(Ours);
        var text = value.ToString();
        switch (Kind)
        {
            case WordKind.Flag when text is "1" or "0":
                writer.WriteBooleanValue(text == "1");
                break;
            case WordKind.Flag when bool.TryParse(text, out var flag):
                writer.WriteBooleanValue(flag);
                break;
            case WordKind.Number when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                writer.WriteNumberValue(number);
                break;
            case WordKind.Image when text.StartsWith("base64:", StringComparison.Ordinal):
                writer.WriteStringValue(text["base64:".Length..].Trim());
                break;
            default:
                value.WriteTo(writer);
                break;
        }

        return true;
    }

    /// <summary><c>data[blob]=x</c> is the JSON text <c>{"blob":"x"}</c>, which is how services take it.</summary>
    private bool TryWriteBracketed(Parameters parameters, Utf8JsonWriter writer)
    {
        var start = Theirs + "[";
        var inside = parameters.Names
            .Where(name => name.StartsWith(start, StringComparison.OrdinalIgnoreCase) && name.EndsWith(']'))
            .ToDictionary(name => name[start.Length..^1], name => parameters[name]!.Value);
        if (inside.Count == 0)
            return false;
        writer.WriteString(Ours, JsonSerializer.Serialize(inside));
        return true;
    }
}

/// <summary>How the text of a parameter becomes the value of a field. What does not fit stays as it is, so that the field's own check names it.</summary>
internal enum WordKind
{
    /// <summary>Unchanged.</summary>
    AsItIs,

    /// <summary>1, 0, true or false.</summary>
    Flag,

    /// <summary>A number.</summary>
    Number,

    /// <summary>An image as base64, with or without <c>base64:</c> in front.</summary>
    Image,

    /// <summary>Members under names in brackets.</summary>
    Bracketed,
}
