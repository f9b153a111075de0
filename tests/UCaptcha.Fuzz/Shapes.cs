using System.Text.Json;
using System.Text.RegularExpressions;

namespace UCaptcha.Fuzz;

/// <summary>The shapes of all surfaces.</summary>
internal static partial class Shapes
{
    private static readonly HashSet<int> Real = [200, 400, 401, 402, 403, 404, 405, 409, 413, 503];

    /// <summary>The shape of each dialect, by the prefix of its paths; the native one has none.</summary>
    public static IReadOnlyDictionary<string, Shape> Dialects { get; } = new Dictionary<string, Shape>
    {
        [""] = new(Real, IsNative),
        ["ucaptcha"] = new(Real, IsNative),
        ["capmonster"] = new(new HashSet<int> { 200, 503 }, IsVendor),
        ["anticaptcha"] = new(new HashSet<int> { 200 }, IsVendor),
        ["twocaptcha"] = new(new HashSet<int> { 200 }, IsVendor),
        ["capsolver"] = new(new HashSet<int> { 200, 400, 401 }, IsVendor),
    };

    /// <summary>in.php and res.php as documented.</summary>
    public static Shape TwoCaptcha { get; } = new(Real, answer => IsTwoCaptcha(answer, most: 2));

    /// <summary>The same in 2Captcha's own style.</summary>
    public static Shape TwoCaptchaVendor { get; } = new(new HashSet<int> { 200 }, answer => IsTwoCaptcha(answer, most: 6));

    /// <summary>DeathByCaptcha's API, which answers an upload by pointing at it.</summary>
    public static Shape DeathByCaptcha { get; } = new(new HashSet<int>([.. Real, 303]), IsDeathByCaptcha);

    /// <summary>RiskByPass's API.</summary>
    public static Shape RiskByPass { get; } = new(Real, IsRiskByPass);

    /// <summary>AdminService's JSON.</summary>
    public static Shape Admin { get; } = new(new HashSet<int> { 200, 400, 401, 404, 409, 413, 429 }, IsAdmin);

    /// <summary>No shape in particular.</summary>
    public static Shape Any { get; } = new(Real, _ => true);

    private static bool IsAdmin(Answer answer)
    {
        if (Shape.Object(answer) is not { } members)
            return false;
        if (answer.Status == 200)
            return !members.TryGetProperty("error", out _);
        return members.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object && HasNumber(error, "code", out _)
            && HasText(error, "message") && HasText(error, "status") && error.TryGetProperty("details", out var details) && HasText(details[0], "reason");
    }

    private static bool IsNative(Answer answer)
    {
        if (Shape.IsStream(answer))
            return answer.Status == 200;
        if (Shape.Object(answer) is not { } members || !HasNumber(members, "errorId", out var errorId))
            return false;
        return answer.Status == 200
            ? errorId == 0
            : errorId == 1 && HasText(members, "errorCode") && HasText(members, "errorDescription") && members.EnumerateObject().Count() == 3;
    }

    private static bool IsVendor(Answer answer)
    {
        if (Shape.IsStream(answer))
            return answer.Status == 200;
        return Shape.Object(answer) is { } members && HasNumber(members, "errorId", out var errorId) && (errorId == 0 ? answer.Status == 200 : HasText(members, "errorCode"));
    }

    private static bool IsTwoCaptcha(Answer answer, int most)
    {
        if (answer.Type == "text/plain")
            return PlainWord().IsMatch(answer.Body);
        return Shape.Object(answer) is { } members
            && HasNumber(members, "status", out var status)
            && status is 0 or 1
            && members.TryGetProperty("request", out _)
            && members.EnumerateObject().Count() <= most;
    }

    private static bool IsDeathByCaptcha(Answer answer)
    {
        if (answer.Type == "application/x-www-form-urlencoded")
            return answer.Body.Contains('=', StringComparison.Ordinal);
        if (Shape.Object(answer) is not { } members)
            return false;
        return answer.Status == 200 || HasText(members, "captcha") || (HasNumber(members, "status", out var status) && status == 255 && HasText(members, "error"));
    }

    private static bool IsRiskByPass(Answer answer) => Shape.Object(answer) is { } members
        && (HasText(members, "status") || (members.TryGetProperty("ok", out var ok) && (ok.ValueKind == JsonValueKind.True || HasText(members, "error"))));

    private static bool HasNumber(JsonElement members, string name, out long number)
    {
        number = 0;
        return members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    private static bool HasText(JsonElement members, string name) => members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;

    [GeneratedRegex(@"\A(OK\|.+|[A-Z0-9_]+(\|.*)?|\d+\.\d{4})\z", RegexOptions.Singleline)]
    private static partial Regex PlainWord();
}
