using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.V1;

namespace UCaptcha.Server.Keys;

/// <summary>What CapMonster's clients write behind a key: <c>KEY__nocache</c>, <c>KEY__solvemedia__recognizingthreshold_70</c>.</summary>
/// <param name="NoCache">Solve anew.</param>
/// <param name="Module">The module that recognises an image, or null.</param>
/// <param name="RecognizingThreshold">The least certainty of an answer, 0 to 100, or null.</param>
internal readonly record struct KeyOptions(bool NoCache, string? Module, int? RecognizingThreshold)
{
    private const string Separator = "__";
    private const string NoCacheWord = "nocache";
    private const string ThresholdWord = "recognizingthreshold_";
    private const int MostParts = 3;

    /// <summary>The ways to part a text into a key and its options, the longest key first.</summary>
    public static IEnumerable<(string Key, KeyOptions Options)> Partings(string text)
    {
        var end = text.Length;
        for (var parts = 0; parts < MostParts; parts++)
        {
            end = text.LastIndexOf(Separator, end - 1, StringComparison.Ordinal);
            if (end <= 0)
                yield break;
            yield return (text[..end], Parse(text[(end + Separator.Length)..]));
        }
    }

    /// <summary>Adds the options to a task, where it does not set them itself.</summary>
    public void AddTo(CaptchaTask? task)
    {
        if (task is null)
            return;
        if (NoCache)
            Add(task, "nocache", Value.ForBool(true));
        if (Module is not null)
            Add(task, "capMonsterModule", Value.ForString(Module));
        if (RecognizingThreshold is { } threshold)
            Add(task, "recognizingThreshold", Value.ForNumber(threshold));
    }

    private static KeyOptions Parse(string text)
    {
        var options = default(KeyOptions);
        foreach (var part in text.Split(Separator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Equals(NoCacheWord, StringComparison.OrdinalIgnoreCase))
                options = options with { NoCache = true };
            else if (part.StartsWith(ThresholdWord, StringComparison.OrdinalIgnoreCase)
                     && int.TryParse(part[ThresholdWord.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var threshold))
                options = options with { RecognizingThreshold = threshold };
            else
                options = options with { Module = part };
        }

        return options;
    }

    private static void Add(CaptchaTask task, string name, Value value)
    {
        task.Extra ??= new Struct();
        if (!task.Extra.Fields.Keys.Any(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)))
            task.Extra.Fields[name] = value;
    }
}
