namespace UCaptcha.Architecture.Tests.Arrows;

// A project under src: the projects it may reference, and what neither its packages nor its code may touch.
internal sealed record Room(string[] MayKnow, string[] MustNotUse);

// Who may know whom. A new project gets its row here, on purpose.
internal static class House
{
    private static readonly string[] Web = ["Microsoft.AspNetCore"];
    private static readonly string[] Http = ["System.Net.Http", "System.Net.HttpListener", "System.Net.WebSockets"];
    private static readonly string[] Sql = ["System.Data", "Microsoft.Data", "Npgsql", "Dapper", "SQLitePCL", "SQLitePCLRaw"];
    private static readonly string[] Protobuf = ["Google", "Grpc"];
    private static readonly string[] Compat = ["Grpc.Core.Api", "Grpc.Net.Common"];

    public static IReadOnlyDictionary<string, Room> Rooms { get; } = new Dictionary<string, Room>
    {
        ["Grpc.Core.Api"] = new([], [.. Web, .. Sql, "UCaptcha"]),
        ["Grpc.Net.Common"] = new(["Grpc.Core.Api"], [.. Web, .. Sql, "UCaptcha"]),
        ["UCaptcha.Contracts"] = new(Compat, [.. Web, .. Http, .. Sql]),
        ["UCaptcha.Core"] = new([], [.. Web, .. Http, .. Sql, .. Protobuf]),
        ["UCaptcha.Providers"] = new(["UCaptcha.Core"], [.. Web, .. Sql, .. Protobuf]),
        ["UCaptcha.Storage"] = new(["UCaptcha.Core"], [.. Web, .. Http, .. Protobuf]),
        ["UCaptcha.Transcoding"] = new(Compat, Sql),
        ["UCaptcha.Server"] = new(
            [
                .. Compat, "UCaptcha.Contracts", "UCaptcha.Core", "UCaptcha.Providers", "UCaptcha.Storage", "UCaptcha.Transcoding",
                "UCaptcha.Client", "UCaptcha.Cli",
            ],
            []),
        ["UCaptcha.Client"] = new([.. Compat, "UCaptcha.Contracts"], [.. Web, .. Sql]),
        ["UCaptcha.Cli"] = new([.. Compat, "UCaptcha.Client", "UCaptcha.Contracts"], [.. Web, .. Sql]),
    };

    // The projects that a project must not reference, one sentence each.
    public static IEnumerable<string> WrongProjects(string project, IEnumerable<string> references) =>
        Rooms.TryGetValue(project, out var room)
            ? references.Except(room.MayKnow).Select(reference => $"{project} must not know {reference}.")
            : [$"{project} is unknown: add it to the table in {nameof(House)}.cs."];

    // The assemblies, namespaces or packages that a project must not use, one sentence each.
    public static IEnumerable<string> WrongUses(string project, IEnumerable<string> names) =>
        Rooms.TryGetValue(project, out var room)
            ? names.Distinct().Where(name => room.MustNotUse.Any(space => IsWithin(name, space))).Select(name => $"{project} must not use {name}.")
            : [];

    private static bool IsWithin(string name, string space) =>
        name.StartsWith(space, StringComparison.Ordinal) && (name.Length == space.Length || name[space.Length] == '.');
}
