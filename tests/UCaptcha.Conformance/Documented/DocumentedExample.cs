using System.Text.Json.Nodes;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Conformance.Documented;

/// <summary>
/// An answer that a vendor's documents show, as they show it, long tokens cut short. Where documents contradict each other or are silent, the row says what
/// was chosen and why. Where only members are documented, the values are made up.
/// </summary>
/// <param name="Document">The page and its section.</param>
/// <param name="Case">Method and case; <see cref="Situations"/> knows how to bring it about.</param>
/// <param name="Answer">The body.</param>
public sealed record DocumentedExample(string Document, string Case, JsonObject Answer)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The task that leads to the answer's solution.</summary>
    public JsonObject? Task { get; init; }

    /// <summary>Members that other pages show and this one does not; a dot reaches into an object.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>Members that other pages do not show.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Texts that must be the very same.</summary>
    public IReadOnlyList<string> Exact { get; init; } = [];

    /// <summary><c>any</c> where the documents differ in the order of the members.</summary>
    public string Order { get; init; } = "";

    /// <summary>Why the row allows for a difference.</summary>
    public string Why { get; init; } = "";

    /// <summary>The rows of a dialect.</summary>
    public static IReadOnlyList<DocumentedExample> Of(string dialect) => [.. JsonNode
        .Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/UCaptcha.Conformance/Documented", dialect + ".json")))!
        .AsArray().Select(row => Read(row!.AsObject()))];

    private static DocumentedExample Read(JsonObject row) =>
        new((string)row["document"]!, (string)row["case"]!, row["answer"]!.AsObject())
        {
            Status = (int?)row["status"] ?? 200,
            Task = row["task"]?.AsObject(),
            Also = Names(row, "also"),
            Without = Names(row, "without"),
            Exact = Names(row, "exact"),
            Order = (string?)row["order"] ?? "",
            Why = (string?)row["why"] ?? "",
        };

    private static string[] Names(JsonObject row, string name) => [.. row[name]?.AsArray().Select(value => (string)value!) ?? []];
}
