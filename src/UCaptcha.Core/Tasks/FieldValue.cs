using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace UCaptcha.Core.Tasks;

/// <summary>Brings a member to its field's JSON type. Clients send numbers and truth values as strings, too.</summary>
internal static class FieldValue
{
    /// <summary>The least size of an image, in bytes; all services say so.</summary>
    private const int SmallestImage = 100;

    private static readonly JsonElement True = JsonElement.Parse("true");
    private static readonly JsonElement False = JsonElement.Parse("false");

    /// <exception cref="RefusedException">The member is of another type.</exception>
    public static JsonElement Read(TaskField field, JsonElement value) => field.Kind switch
    {
        TaskFieldKind.Text or TaskFieldKind.Url => value.ValueKind == JsonValueKind.String ? value : throw Wrong(field, "a string"),
        TaskFieldKind.Flag => Boolean(field, value),
        TaskFieldKind.Integer => Integer(field, value),
        TaskFieldKind.Number => Number(field, value),
        TaskFieldKind.Image => Image(field, value),
        _ => value,
    };

    private static JsonElement Boolean(TaskField field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => value,
        JsonValueKind.Number or JsonValueKind.String => value.ToString() switch
        {
            "1" or "true" => True,
            "0" or "false" => False,
            _ => throw Wrong(field, "true or false"),
        },
        _ => throw Wrong(field, "true or false"),
    };

    private static JsonElement Integer(TaskField field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _))
            return value;
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            && decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue)
            return JsonElement.Parse(((long)number).ToString(CultureInfo.InvariantCulture));
        throw Wrong(field, "an integer");
    }

    private static JsonElement Number(TaskField field, JsonElement value)
    {
        double number;
        if (value.ValueKind == JsonValueKind.Number)
            number = value.GetDouble();
        else if (value.ValueKind != JsonValueKind.String
                 || !double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number)
                 || !double.IsFinite(number))
            throw Wrong(field, "a number");
        else
            value = JsonElement.Parse(number.ToString("R", CultureInfo.InvariantCulture));
        if (number < field.Least || number > field.Most)
            throw Wrong(field, string.Create(CultureInfo.InvariantCulture, $"between {field.Least} and {field.Most}"));
        return value;
    }

    private static JsonElement Image(TaskField field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Wrong(field, "a string of base64");
        var text = value.GetString()!;
        var comma = text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? text.IndexOf(',', StringComparison.Ordinal) : -1;
        var base64 = comma < 0 ? text : text[(comma + 1)..];
        if (string.IsNullOrWhiteSpace(base64))
            throw new RefusedException(ErrorCodes.ZeroCaptchaFilesize, $"task.{field.Name} is missing or empty.", $"task.{field.Name}");
        if (!Base64.IsValid(Encoding.UTF8.GetBytes(base64), out var size))
            throw Wrong(field, "a string of base64");
        if (size < SmallestImage)
            throw new RefusedException(ErrorCodes.ZeroCaptchaFilesize, $"task.{field.Name} is an image of less than 100 bytes.", $"task.{field.Name}");
        return comma < 0 ? value : JsonSerializer.SerializeToElement(base64, TextJson.Default.String);
    }

    private static RefusedException Wrong(TaskField field, string wanted) =>
        new(field.Kind == TaskFieldKind.Url ? field.ErrorCode : ErrorCodes.BadParameters, $"task.{field.Name} must be {wanted}.", $"task.{field.Name}");
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TextJson : System.Text.Json.Serialization.JsonSerializerContext;
