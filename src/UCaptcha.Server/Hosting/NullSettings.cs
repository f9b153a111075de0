using System.Collections;
using System.Reflection;

namespace UCaptcha.Server.Hosting;

/// <summary>Finds settings that are null and may not be. A JSON file can write null, and the binder sets it.</summary>
internal static class NullSettings
{
    /// <summary>The names of those in an object of settings, and in the objects that it holds.</summary>
    /// <param name="name">Its own name.</param>
    /// <param name="value">The object, or one of its values.</param>
    /// <param name="mayBeNull">Whether there need be none.</param>
    public static IEnumerable<string> Find(string name, object? value, bool mayBeNull = false) => value switch
    {
        null => mayBeNull ? [] : [name],
        string or ValueType => [],
        IDictionary entries => entries.Keys.Cast<object>().SelectMany(key => Find($"{name}:{key}", entries[key])),
        IEnumerable items => items.Cast<object?>().SelectMany((item, index) => Find($"{name}:{index}", item)),
        _ => value.GetType().GetProperties().SelectMany(property => Find($"{name}:{property.Name}", property.GetValue(value), MayBeNull(property))),
    };

    private static bool MayBeNull(PropertyInfo property) => new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
}
