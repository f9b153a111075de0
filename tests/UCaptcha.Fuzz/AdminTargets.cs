using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using UCaptcha.V1;

namespace UCaptcha.Fuzz;

/// <summary>All paths of the admin port.</summary>
internal static partial class AdminTargets
{
    private const string AnyId = "550e8400-e29b-41d4-a716-446655440000";

    // A copy of the database for every twentieth request would fill the disk.
    private static readonly string[] LeftOut = [nameof(AdminService.AdminServiceBase.CreateBackup)];

    public static IReadOnlyList<Target> All { get; } = [.. AdminService.Descriptor.Methods.Where(method => !LeftOut.Contains(method.Name)).SelectMany(Of), Metrics()];

    private static IEnumerable<Target> Of(MethodDescriptor method)
    {
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        var (verb, template) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
            HttpRule.PatternOneofCase.Patch => ("PATCH", rule.Patch),
            HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
            HttpRule.PatternOneofCase.Put => ("PUT", rule.Put),
            _ => ("POST", rule.Post),
        };
        // A key or customer that may be there, one from the configuration, and one that is not.
        foreach (var id in (string[])["3", "1", "99999", AnyId])
            yield return new Target(verb, Variables().Replace(template, id), Example(method, rule), Shapes.Admin) { ForAdmins = true, TakesForms = verb == "GET" };
    }

    private static Target Metrics() => new("GET", "/metrics", [], Shapes.Any) { ForAdmins = true };

    // What nothing takes is refused at once: only the fields that are in the body or, where there is none, in the query.
    private static JsonObject Example(MethodDescriptor method, HttpRule rule)
    {
        var members = new JsonObject();
        if (rule.Body.Length == 0 && rule.PatternCase != HttpRule.PatternOneofCase.Get)
            return members;
        foreach (var field in method.InputType.Fields.InDeclarationOrder().Where(field => !rule.Get.Contains($"{{{field.Name}}}", StringComparison.Ordinal)))
        {
            members[field.JsonName] = field.JsonName switch
            {
                "name" => "fuzzed",
                "slug" => "fuzzed",
                "apiKey" => Canaries.Credential,
                "secret" => Canaries.WebhookSecret,
                "updateMask" => method.Name == "UpdateAccount" ? "settings.maxConcurrent,apiKey" : "settings.speedWeight,name",
                "settings" => method.Name.EndsWith("Account", StringComparison.Ordinal)
                    ? new JsonObject { ["kind"] = "generic", ["baseUrl"] = "http://127.0.0.1:9/", ["maxConcurrent"] = 5, ["prices"] = new JsonObject { ["RecaptchaV2"] = 1.5 } }
                    : new JsonObject { ["speedWeight"] = 20, ["allowedDomains"] = new JsonArray("example.com"), ["allowedAddresses"] = new JsonArray("10.0.0.0/8"), ["rateLimit"] = 9 },
                "kind" => "deposit",
                "state" => "failed",
                "reference" => "invoice 7",
                "note" => "x",
                "pageSize" => 5,
                "amountMicros" or "budgetMicros" => 5_000_000,
                "overlapSeconds" => 60,
                _ => null,
            };
        }

        return members;
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Variables();
}
