namespace UCaptcha.Core.Providers;

/// <summary>The names under which people know a kind of provider.</summary>
/// <param name="kindsByAlias">From a vendor's other names, such as <c>2captcha</c>, to the kind, such as <c>twocaptcha</c>; compared without case.</param>
public sealed class ProviderNames(IReadOnlyDictionary<string, string> kindsByAlias)
{
    /// <summary>The kind that answers published test keys without any vendor.</summary>
    public const string Sandbox = "sandbox";

    private readonly Dictionary<string, string> _kinds = new(kindsByAlias, StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind behind a name; a name that is no alias stands for itself.</summary>
    public string KindOf(string name) => _kinds.GetValueOrDefault(name, name);
}
