using System.Text;
using System.Text.Json;

namespace UCaptcha.Transcoding.Codec;

// One parse: where it is, for errors that name the field, and a buffer for strings with escapes.
internal sealed class ReadContext(int maxDepth)
{
    // More values that do not fit end also a lenient reading: each costs an exception, and lists can hold any number of messages.
    public const int MostMisfits = 64;

    private const int ListedNameLength = 64;

    // Every level of JSON adds at most a name and an index.
    private readonly (string? Name, int Index)[] _path = new (string?, int)[2 * maxDepth + 4];
    private byte[] _scratch = new byte[256];
    private int _length;

    public int MaxDepth => maxDepth;

    // Whether values that do not fit their fields are passed over.
    public bool IsLenient { get; set; }

    // How many were.
    public int Misfits { get; set; }

    // Whether members that no field claims are refused and not passed over; not when lenient.
    public bool IsStrict { get; set; }

    // How far the path goes, to come back to after an error.
    public int Length
    {
        get => _length;
        set => _length = value;
    }

    public void Reset()
    {
        _length = 0;
        IsLenient = false;
        IsStrict = false;
        Misfits = 0;
    }

    public void Push(string name) => _path[_length++] = (name, 0);

    public void Push(int index) => _path[_length++] = (null, index);

    public void Pop() => _length--;

    // To be called on every token that opens an object or an array.
    public void CheckDepth(ref Utf8JsonReader reader)
    {
        if (reader.CurrentDepth >= maxDepth)
            throw new JsonContractException(JsonContractErrorKind.TooDeep, Path, $"{Subject} is nested deeper than {maxDepth} levels.");
    }

    public string Path
    {
        get
        {
            var text = new StringBuilder();
            foreach (var (name, index) in _path.AsSpan(0, _length))
            {
                if (name is null)
                    text.Append('[').Append(index).Append(']');
                else
                    text.Append(text.Length == 0 ? "" : ".").Append(Clean(name));
            }

            return text.ToString();
        }
    }

    private string Subject => _length == 0 ? "The body" : Path;

    public JsonContractException WrongType(string expected) => Error(JsonContractErrorKind.WrongType, $"must be {expected}");

    public JsonContractException InvalidFormat(string expected) => Error(JsonContractErrorKind.InvalidFormat, $"must be {expected}");

    public JsonContractException OutOfRange(string expected) => Error(JsonContractErrorKind.OutOfRange, $"must be {expected}");

    public JsonContractException Duplicate() => Error(JsonContractErrorKind.Duplicate, "occurs more than once");

    public JsonContractException Duplicate(string name)
    {
        Push(name);
        return Duplicate();
    }

    public JsonContractException Unknown(string name, IEnumerable<string> known)
    {
        Push(name);
        return JsonContractException.IsUnknown(Path, "", known);
    }

    public JsonContractException Error(JsonContractErrorKind kind, string predicate) => new(kind, Path, $"{Subject} {predicate}.");

    public string GetString(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.IsEmpty ? "" : Encoding.UTF8.GetString(reader.ValueSpan);

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw HalfSurrogate();
        }
    }

    // The string or name at the reader without its escapes; valid until the next call.
    public ReadOnlySpan<byte> GetText(scoped ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;

        if (_scratch.Length < reader.ValueSpan.Length)
            _scratch = new byte[Math.Max(reader.ValueSpan.Length, 2 * _scratch.Length)];

        try
        {
            return _scratch.AsSpan(0, reader.CopyString(_scratch));
        }
        catch (InvalidOperationException)
        {
            throw HalfSurrogate();
        }
    }

    private JsonContractException HalfSurrogate() => Error(JsonContractErrorKind.InvalidUtf8, "holds an escape that is half of a surrogate pair");

    // Names of members that no field claims come from the caller.
    public static string Clean(string name)
    {
        var shown = name.Length <= ListedNameLength ? name : string.Concat(name.AsSpan(0, ListedNameLength), "...");
        return shown.Any(IsUnprintable) ? string.Concat(shown.Select(c => IsUnprintable(c) ? '?' : c)) : shown;
    }

    private static bool IsUnprintable(char c) => char.IsControl(c) || char.IsSurrogate(c);
}
