using System.Text.Json;

namespace UCaptcha.Core.Tasks;

/// <summary>Every captcha family that the gateway knows, under every name that clients give it.</summary>
public sealed class TaskCatalogue
{
    private const int MaxDepth = 32;

    private readonly Dictionary<string, CaptchaFamily> _byName;
    private readonly TypeNames _types;

    private TaskCatalogue(IReadOnlyList<CaptchaFamily> families)
    {
        Families = families;
        _byName = families.ToDictionary(family => family.Name, StringComparer.OrdinalIgnoreCase);
        _types = new TypeNames(_byName);
    }

    /// <summary>The catalogue of this version.</summary>
    public static TaskCatalogue Default { get; } = new(Catalogue.Families.All);

    /// <summary>All families.</summary>
    public IReadOnlyList<CaptchaFamily> Families { get; }

    /// <summary>A family by its name without case, or null.</summary>
    public CaptchaFamily? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a task object: finds its family, brings its fields to their canonical names and types, and checks them.</summary>
    /// <exception cref="RefusedException">The task is incomplete or wrong; the sentence names the field.</exception>
    public TaskRequest Read(ReadOnlyMemory<byte> utf8Json)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(utf8Json.Span, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            throw new RefusedException(ErrorCodes.BadParameters, "task is not valid JSON.", "task");
        }

        if (root.ValueKind != JsonValueKind.Object)
            throw new RefusedException(ErrorCodes.BadParameters, "task must be an object.", "task");
        var members = new TaskMembers(root);
        var type = members.RequiredType();
        var named = _types.Resolve(type, members);
        return TaskReading.Read(named, type, utf8Json, members);
    }
}
