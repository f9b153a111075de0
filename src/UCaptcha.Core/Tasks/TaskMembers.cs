using System.Text.Json;

namespace UCaptcha.Core.Tasks;

/// <summary>The members of a task object by name without case; null counts as absent. Remembers which were claimed.</summary>
internal sealed class TaskMembers
{
    private readonly Dictionary<string, (string Name, JsonElement Value)> _members = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _claimed = new(StringComparer.OrdinalIgnoreCase);

    public TaskMembers(JsonElement task)
    {
        foreach (var member in task.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
                _members.TryAdd(member.Name, (member.Name, member.Value));
        }
    }

    /// <summary>The members that nothing claimed, by the name the client wrote.</summary>
    public IEnumerable<KeyValuePair<string, JsonElement>> Unclaimed =>
        _members.Values.Where(member => !_claimed.Contains(member.Name)).Select(member => KeyValuePair.Create(member.Name, member.Value));

    public string RequiredType()
    {
        if (Claim("type") is not { } value)
            throw new RefusedException(ErrorCodes.BadParameters, "task.type is missing.", "task.type");
        if (value.ValueKind != JsonValueKind.String)
            throw new RefusedException(ErrorCodes.BadParameters, "task.type must be a string.", "task.type");
        return value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text.Trim()
            : throw new RefusedException(ErrorCodes.BadParameters, "task.type is missing.", "task.type");
    }

    /// <summary>A member by its path, a dot reaching into an object, without claiming it.</summary>
    public JsonElement? Peek(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return _members.TryGetValue(path, out var member) ? member.Value : null;
        if (!_members.TryGetValue(path[..dot], out var outer) || outer.Value.ValueKind != JsonValueKind.Object)
            return null;
        var inner = path[(dot + 1)..];
        foreach (var candidate in outer.Value.EnumerateObject())
        {
            if (candidate.Name.Equals(inner, StringComparison.OrdinalIgnoreCase) && candidate.Value.ValueKind != JsonValueKind.Null)
                return candidate.Value;
        }

        return null;
    }

    /// <summary>A member by its path; the outermost member is claimed when it is there.</summary>
    public JsonElement? Claim(string path)
    {
        if (Peek(path) is not { } value)
            return null;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        // What holds a field inside it may hold others that are passed on as they came.
        if (dot < 0)
            _claimed.Add(path);
        return value;
    }
}
