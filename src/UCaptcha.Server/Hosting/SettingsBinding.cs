using System.Text.RegularExpressions;
using UCaptcha.Server.Options;

namespace UCaptcha.Server.Hosting;

/// <summary>Brings the configuration into the settings' shape. What the binder says of a wrong one becomes a sentence for operators.</summary>
internal static partial class SettingsBinding
{
    private const string Section = "UCaptcha";

    private static readonly Dictionary<string, string> ValueWords = new()
    {
        ["System.Int32"] = "a whole number of at most 2147483647",
        ["System.Int64"] = "a whole number",
        ["System.Decimal"] = "a number",
        ["System.Double"] = "a number",
        ["System.Boolean"] = "true or false",
    };

    /// <exception cref="SettingsException">A name is not known, or a value is null or cannot be read.</exception>
    public static UCaptchaSettings Bind(IConfiguration configuration)
    {
        try
        {
            // Without this the binder also passes over values in lists that it cannot convert.
            var settings = configuration.GetSection(Section).Get<UCaptchaSettings>(options => options.ErrorOnUnknownConfiguration = true) ?? new UCaptchaSettings();
            var nulls = NullSettings.Find(Section, settings).Select(setting => $"{setting} is null; leave it out, or give it a value.").ToArray();
            return nulls.Length == 0 ? settings : throw new SettingsException(nulls);
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException([Sentence(exception)]);
        }
    }

    /// <summary>The binder has the setting in one message, and what is wrong with its value in the next.</summary>
    private static string Sentence(Exception failure)
    {
        if (UnknownNames().Match(failure.Message) is { Success: true } unknown)
            return $"There is no setting {unknown.Groups[1].Value}. The README lists those that exist.";
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (Unconverted().Match(inner.Message) is { Success: true } bad)
                return $"{bad.Groups[1].Value} must be {ValueWords.GetValueOrDefault(bad.Groups[2].Value, bad.Groups[2].Value)}.";
        }

        return failure.Message;
    }

    [GeneratedRegex("were not found on the instance of [^:]*: (.*)$")]
    private static partial Regex UnknownNames();

    [GeneratedRegex("Failed to convert configuration value .*at '([^']*)' to type '([^']*)'", RegexOptions.Singleline)]
    private static partial Regex Unconverted();
}
