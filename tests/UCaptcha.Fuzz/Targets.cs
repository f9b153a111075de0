using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using UCaptcha.V1;

namespace UCaptcha.Fuzz;

/// <summary>All paths of the server: those of the contract under every prefix, the older APIs, and paths that nobody serves.</summary>
internal static class Targets
{
    private const string AnyId = "550e8400-e29b-41d4-a716-446655440000";

    private static readonly JsonObject Task = new()
    {
        ["type"] = "RecaptchaV2Task",
        ["websiteURL"] = "https://example.com/page",
        ["websiteKey"] = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI",
        ["isInvisible"] = false,
        ["proxyType"] = "http",
        ["proxyAddress"] = "203.0.113.9",
        ["proxyPort"] = 8080,
        ["proxyLogin"] = "user",
        ["proxyPassword"] = Canaries.ProxyPassword,
        ["cookies"] = new JsonArray("a=b"),
        ["metadata"] = new JsonObject { ["cdata"] = "x" },
    };

    public static IReadOnlyList<Target> All { get; } = [.. Shapes.Dialects.SelectMany(OfTheContract), .. TwoCaptcha(), .. DeathByCaptcha(), .. RiskByPass(), .. Nowhere()];

    private static IEnumerable<Target> OfTheContract(KeyValuePair<string, Shape> dialect)
    {
        var prefix = dialect.Key.Length == 0 ? "" : "/" + dialect.Key;
        foreach (var method in CaptchaService.Descriptor.Methods)
        {
            if (method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not { } rule)
                continue;
            foreach (var binding in rule.AdditionalBindings.Prepend(rule))
            {
                var path = (binding.Post.Length > 0 ? binding.Post : binding.Get).Replace("{task_id}", AnyId, StringComparison.Ordinal);
                yield return new Target(binding.Post.Length > 0 ? "POST" : "GET", prefix + path, Example(method), method.Name == "Test" ? Shapes.Any : dialect.Value)
                {
                    Waits = method.IsServerStreaming || method.Name == nameof(CaptchaService.CaptchaServiceBase.SolveTask),
                };
            }
        }
    }

    /// <summary>Every field of the request, the ones that are known with what they take.</summary>
    private static JsonObject Example(MethodDescriptor method)
    {
        var members = new JsonObject();
        foreach (var field in method.InputType.Fields.InDeclarationOrder())
        {
            members[field.JsonName] = field.JsonName switch
            {
                "clientKey" => Canaries.Key,
                "task" => Task.DeepClone(),
                "taskId" => AnyId,
                "taskIds" => new JsonArray(AnyId, 7),
                "result" => new JsonObject { ["invalid"] = true, ["code"] = 1001, ["message"] = "x" },
                "waitMs" => 500,
                "selectionMode" => "autoFastest",
                "callbackUrl" => "https://example.com/callback",
                _ => null,
            };
        }

        return members;
    }

    private static IEnumerable<Target> TwoCaptcha()
    {
        JsonObject[] tasks =
        [
            new() { ["method"] = "userrecaptcha", ["googlekey"] = "k", ["pageurl"] = "https://example.com", ["proxy"] = $"u:{Canaries.ProxyPassword}@203.0.113.9:8080", ["proxytype"] = "HTTP" },
            new() { ["method"] = "base64", ["body"] = Convert.ToBase64String(new byte[200]), ["numeric"] = "4", ["min_len"] = "1" },
            new() { ["method"] = "funcaptcha", ["publickey"] = "k", ["pageurl"] = "https://example.com", ["data[blob]"] = "x" },
        ];
        JsonObject[] questions =
        [
            new() { ["action"] = "get", ["id"] = AnyId },
            new() { ["action"] = "get", ["ids"] = "1,2,3" },
            new() { ["action"] = "getbalance" },
            new() { ["action"] = "reportbad", ["id"] = "77" },
        ];
        foreach (var prefix in new[] { "", "/ucaptcha", "/twocaptcha" })
        {
            foreach (var (name, examples) in new[] { ("in.php", tasks), ("res.php", questions) })
            {
                foreach (var example in examples)
                {
                    var members = example.DeepClone().AsObject();
                    members["key"] = Canaries.Key;
                    members["json"] = "1";
                    yield return new Target("POST", $"{prefix}/{name}", members, prefix == "/twocaptcha" ? Shapes.TwoCaptchaVendor : Shapes.TwoCaptcha) { TakesForms = true };
                }
            }
        }
    }

    private static IEnumerable<Target> DeathByCaptcha()
    {
        JsonObject[] uploads =
        [
            new() { ["authtoken"] = Canaries.Key, ["type"] = "4", ["token_params"] = """{"googlekey":"k","pageurl":"https://example.com"}""" },
            new() { ["username"] = Canaries.Key, ["password"] = "x", ["captchafile"] = "base64:" + Convert.ToBase64String(new byte[200]) },
        ];
        foreach (var path in new[] { "/api", "/api/captcha" })
        {
            foreach (var upload in uploads)
                yield return new Target("POST", path, upload.DeepClone().AsObject(), Shapes.DeathByCaptcha) { TakesForms = true };
        }

        var token = new JsonObject { ["authtoken"] = Canaries.OtherKey };
        yield return new Target("GET", $"/api/{AnyId}", token, Shapes.DeathByCaptcha) { TakesForms = true };
        yield return new Target("GET", "/api/captcha/77", token, Shapes.DeathByCaptcha) { TakesForms = true };
        yield return new Target("POST", "/api/user", token, Shapes.DeathByCaptcha) { TakesForms = true };
        yield return new Target("POST", $"/api/captcha/{AnyId}/report", token, Shapes.DeathByCaptcha) { TakesForms = true };
    }

    private static IEnumerable<Target> RiskByPass()
    {
        yield return new Target(
            "POST",
            "/task/submit",
            new() { ["token"] = Canaries.Key, ["task_type"] = "turnstile", ["target_url"] = "https://example.com", ["site_key"] = "k", ["proxy"] = $"http://u:{Canaries.ProxyPassword}@203.0.113.9:8080" },
            Shapes.RiskByPass);
        yield return new Target("GET", $"/task/result/{AnyId}", new() { ["token"] = Canaries.Key }, Shapes.RiskByPass) { TakesForms = true };
        yield return new Target("POST", "/api/user/balance", new() { ["token"] = Canaries.OtherKey }, Shapes.RiskByPass);
    }

    private static IEnumerable<Target> Nowhere()
    {
        foreach (var path in new[] { "/createtask", "/nothing", "/createTask/more", "/capmonster/nothing", "/.git/config", "/watchTask/", "/a/b/c/d/e/f" })
            yield return new Target("POST", path, new() { ["clientKey"] = Canaries.Key }, Shapes.Any);
    }
}
