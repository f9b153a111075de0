using System.Globalization;
using System.Text.RegularExpressions;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>Reads Prometheus' text format 0.0.4 and refuses whatever its specification does not allow.</summary>
internal sealed partial class ExpositionParser
{
    private readonly Dictionary<string, string> _types = [];
    private readonly Dictionary<string, double> _samples = [];
    private readonly HashSet<string> _closed = [];
    private string _current = "";

    private ExpositionParser()
    {
    }

    /// <summary>Metric types by name.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>Values by name and labels, as they are written.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    public static ExpositionParser Parse(string text)
    {
        Assert.EndsWith("\n", text);
        var parser = new ExpositionParser();
        foreach (var line in text.TrimEnd('\n').Split('\n'))
            parser.Read(line);
        parser.CheckHistograms();
        return parser;
    }

    public double Sum(string prefix) => _samples.Where(sample => sample.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(sample => sample.Value);

    private void Read(string line)
    {
        if (HelpLine().Match(line) is { Success: true } help)
        {
            Begin(help.Groups[1].Value);
            return;
        }

        if (TypeLine().Match(line) is { Success: true } type)
        {
            Assert.Equal(_current, type.Groups[1].Value);
            Assert.True(_types.TryAdd(_current, type.Groups[2].Value), line);
            return;
        }

        var sample = SampleLine().Match(line);
        Assert.True(sample.Success, line);
        var (name, labels) = (sample.Groups[1].Value, sample.Groups[2].Value);
        Assert.True(name == _current || (_types[_current] == "histogram" && Part().Replace(name, "") == _current), line);
        if (_types[_current] == "counter")
            Assert.EndsWith("_total", name);
        var names = Label().Matches(labels).Select(label => label.Groups[1].Value).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.True(_samples.TryAdd(name + labels, Number(sample.Groups[3].Value)), $"twice: {line}");
    }

    private void Begin(string name)
    {
        _closed.Add(_current);
        Assert.DoesNotContain(name, _closed);
        _current = name;
    }

    private void CheckHistograms()
    {
        foreach (var (key, count) in _samples.Where(sample => CountName().IsMatch(sample.Key)))
        {
            var name = CountName().Match(key).Groups[1].Value;
            if (_types.GetValueOrDefault(name) != "histogram")
                continue;
            var labels = key[(name.Length + "_count".Length)..].Trim('{', '}');
            var prefix = labels.Length == 0 ? $"{name}_bucket{{le=" : $"{name}_bucket{{{labels},le=";
            var buckets = _samples.Where(sample => sample.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(sample => sample.Value).ToArray();
            Assert.True(buckets.Length > 1, key);
            Assert.Equal(buckets.Order(), buckets);
            Assert.Equal(count, _samples[$"{prefix}\"+Inf\"}}"]);
            Assert.Contains(name + "_sum" + (labels.Length == 0 ? "" : $"{{{labels}}}"), _samples.Keys);
        }
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\\\]|\\\\\\\\|\\\\n)*$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)((?:\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\\\|\\"|\\n)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\\\|\\"|\\n)*")*\})?) (\S+)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="(?:[^"\\]|\\.)*"(?:,|\})""")]
    private static partial Regex Label();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Part();

    [GeneratedRegex(@"^(.*)_count(\{.*\})?$")]
    private static partial Regex CountName();
}
