using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers;
using UCaptcha.Server.Callbacks;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Options;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>The defaults in the README's table of settings, and in the pages, against the settings as they are.</summary>
public sealed partial class DocumentedSettingsTests
{
    private const string Prefix = "UCaptcha__";

    /// <summary>Defaults that the table tells in words, and what stands for them.</summary>
    private static readonly Dictionary<string, Func<object?, bool>> Words = new()
    {
        ["none"] = IsNothing,
        [""] = _ => true,
        ["all"] = IsNothing,
        ["all, none"] = IsNothing,
        ["a made key"] = IsNothing,
        ["the name"] = IsNothing,
        ["the vendor's"] = IsNothing,
        ["the list price"] = IsNothing,
        ["a Chrome on Windows"] = agent => agent is string text && text.Contains("Windows", StringComparison.Ordinal) && text.Contains("Chrome/", StringComparison.Ordinal),
    };

    private static readonly ServerSetup Setup = new SetupReader(TaskCatalogue.Default, ProviderCatalogue.Create(TimeProvider.System), RandomNumberGenerator.Create())
        .Read(new ConfigurationBuilder().Build());

    private static TimeSpan AnswerTimeout { get; } = (TimeSpan)typeof(ProviderCatalogue).Assembly
        .GetType("UCaptcha.Providers.Protocol.UpstreamHttp", throwOnError: true)!.GetProperty("AnswerTimeout")!.GetValue(null)!;

    /// <summary>What is not set is settled elsewhere.</summary>
    private static readonly Dictionary<string, string> Settled = new()
    {
        ["Grpc__Url"] = $"http://{Setup.Grpc!.Host}:{Setup.Grpc.Port}",
        ["Callbacks__Ports__0"] = string.Join(", ", CallbackOptions.DefaultPorts),
        ["Providers__<name>__AnswerTimeoutMs"] = AnswerTimeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
    };

    public static TheoryData<string, string> Documented { get; } =
        [.. from row in Rows() from name in row.Names select new TheoryDataRow<string, string>(name, row.Default)];

    public static TheoryData<string, string> Mentioned { get; } =
    [
        .. from page in Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md")
           from Match mention in Mention().Matches(File.ReadAllText(page))
           select new TheoryDataRow<string, string>(mention.Groups[1].Value, mention.Groups[2].Value),
    ];

    [Theory]
    [MemberData(nameof(Documented))]
    public void Default_OfEachSetting_IsTheDocumentedOne(string name, string documented) => AssertDefault(name, documented);

    [Theory]
    [MemberData(nameof(Mentioned))]
    public void Default_ThatAPageMentions_IsTheDocumentedOne(string name, string documented) => AssertDefault(name, documented);

    [Fact]
    public void Settings_EachOfThem_IsDocumented() =>
        Assert.Equal(Names(typeof(UCaptchaSettings), "").Order(), Documented.Select(row => row.Data.Item1).Order());

    [Fact]
    public void EngineOptions_EachDefault_IsThatOfTheSettings() => Assert.Equal(new Core.Tasks.Engine.EngineOptions(), Setup.Engine);

    private static void AssertDefault(string name, string documented)
    {
        var actual = ValueOf(name);
        if (Settled.TryGetValue(name, out var settled))
            Assert.Equal(documented, settled);
        else if (Words.TryGetValue(documented, out var stands))
            Assert.True(stands(actual), $"{name} is {actual}");
        else
            Assert.Equal(documented, Convert.ToString(actual, CultureInfo.InvariantCulture)!, ignoreCase: actual is bool);
    }

    private static bool IsNothing(object? value) => value is null or "" or ICollection { Count: 0 };

    /// <summary>The rows of the table; <c>…__X</c> is a name beside the one before it.</summary>
    private static IEnumerable<(string[] Names, string Default)> Rows()
    {
        var before = "";
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "README.md")).Where(line => Row().IsMatch(line)))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            var names = SettingName().Matches(cells[1]).Select(match => before = NameOf(match.Groups[1].Value, before)).ToArray();
            yield return (names, cells[2].Trim('`'));
        }
    }

    private static string NameOf(string written, string before) => written.StartsWith('…')
        ? before[..(before.TrimEnd('0', '_').LastIndexOf("__", StringComparison.Ordinal) + 2)] + written[3..]
        : written[Prefix.Length..];

    private static object? ValueOf(string name)
    {
        object? value = new UCaptchaSettings();
        foreach (var part in name.Split("__").Except(["0", "<family>"]))
        {
            value = part.StartsWith('<')
                ? Activator.CreateInstance(value!.GetType().GetGenericArguments()[1])
                : value!.GetType().GetProperty(part)!.GetValue(value);
        }

        return value;
    }

    private static IEnumerable<string> Names(Type type, string path) => type.GetProperties().SelectMany(property => property.PropertyType switch
    {
        var leaf when leaf.Namespace == "System" => [path + property.Name + (leaf.IsArray ? "__0" : "")],
        { IsGenericType: true } dictionary when dictionary.GetGenericArguments()[1] is var entry && entry.Namespace == "System" => [$"{path}{property.Name}__<family>"],
        { IsGenericType: true } dictionary => Names(dictionary.GetGenericArguments()[1], $"{path}{property.Name}__<{(property.Name == "Dialects" ? "dialect" : "name")}>__"),
        var section => Names(section, $"{path}{property.Name}__"),
    });

    [GeneratedRegex(@"^\| `(?:UCaptcha|…)__")]
    private static partial Regex Row();

    [GeneratedRegex("`((?:UCaptcha|…)__[^`]+)`")]
    private static partial Regex SettingName();

    [GeneratedRegex(@"`UCaptcha__(\w+)` \(([^ )]+) by default\)")]
    private static partial Regex Mention();
}
