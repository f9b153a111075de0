namespace UCaptcha.Server.Options;

/// <summary>Collects what is wrong with the settings, so that the operator reads it all at once.</summary>
internal sealed class SettingsProblems
{
    private readonly List<string> _sentences = [];

    public IReadOnlyList<string> Sentences => _sentences;

    public void Add(string sentence) => _sentences.Add(sentence);

    /// <summary>Checks that a number lies in its range.</summary>
    public void Range(string setting, long value, long least, long most)
    {
        if (value < least || value > most)
            Add($"{setting} is {value}; it must be between {least} and {most}.");
    }

    /// <summary>Checks that a word is one of those known.</summary>
    public void OneOf(string setting, string value, params IEnumerable<string> known)
    {
        if (!known.Contains(value, StringComparer.OrdinalIgnoreCase))
            Add($"{setting} is '{value}'; known are: {string.Join(", ", known)}.");
    }

    /// <exception cref="SettingsException">There are any.</exception>
    public void ThrowIfAny()
    {
        if (_sentences.Count > 0)
            throw new SettingsException(_sentences);
    }
}

/// <summary>The settings cannot be used.</summary>
internal sealed class SettingsException(IReadOnlyList<string> sentences) : Exception(string.Join(Environment.NewLine, sentences));
