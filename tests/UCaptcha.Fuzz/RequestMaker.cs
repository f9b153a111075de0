using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace UCaptcha.Fuzz;

/// <summary>Makes one bad request to a path: its method, headers, query and body.</summary>
internal sealed class RequestMaker(Spoiler spoiler)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW", "post"];

    private static readonly int[] Numbers = [.. Enumerable.Range(1, 250)];

    private static readonly string[] Types =
    [
        "application/json", "text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=b", "multipart/mixed; boundary=\"", "application/grpc-web+proto", "a/b/c", "", "application/x-www-form-urlencoded; charset=utf-7",
    ];

    private static readonly string[] Headers =
        ["x-api-key", "Idempotency-Key", "Authorization", "Accept", "X-Forwarded-For", "Cookie", "If-None-Match", "Range", "Accept-Encoding", "grpc-timeout", "TE", "Origin", "Content-Encoding"];

    public HttpRequestMessage Make(Target target, string http)
    {
        var method = spoiler.Chance(6) ? spoiler.Pick(Methods) : target.Method;
        var path = spoiler.Chance(6) ? SpoiltPath(target.Path) : target.Path;
        var query = target.TakesForms && (method == "GET" || spoiler.Chance(40)) ? "?" + spoiler.Form(target.Example) : spoiler.Chance(5) ? "?" + spoiler.Form(target.Example) : "";
        var uri = new Uri(http + path + query, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(method), uri) { Version = HttpVersion.Version11 };
        if (method is not ("GET" or "HEAD" or "OPTIONS") || spoiler.Chance(5))
            request.Content = Body(target);
        for (var i = spoiler.Chance(25) ? 3 : 0; i > 0; i--)
        {
            var name = spoiler.Pick(Headers);
            request.Headers.TryAddWithoutValidation(name, HeaderText(name == "Origin" ? spoiler.PlainText() : spoiler.OddText()));
        }

        if (target.ForAdmins)
            AddAdminKey(request);
        return request;
    }

    private void AddAdminKey(HttpRequestMessage request)
    {
        if (!spoiler.Chance(5))
        {
            request.Headers.TryAddWithoutValidation("x-admin-key", Canaries.AdminKey);
            return;
        }

        request.Headers.Remove("X-Forwarded-For");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", $"198.51.100.{spoiler.Pick(Numbers)}");
        if (spoiler.Chance(50))
            request.Headers.TryAddWithoutValidation("x-admin-key", spoiler.Chance(50) ? Canaries.WrongAdminKey : HeaderText(spoiler.OddText()));
    }

    private ByteArrayContent Body(Target target)
    {
        if (spoiler.Chance(1))
            return Typed(new byte[5 * 1024 * 1024], "application/json");
        if (!target.TakesForms)
            return Typed(spoiler.Json(target.Example), spoiler.Chance(15) ? spoiler.Pick(Types) : "application/json");
        if (spoiler.Chance(25))
            return Multipart(target);
        if (spoiler.Chance(20))
            return Typed(spoiler.Json(target.Example), "application/json");
        return Typed(Encoding.UTF8.GetBytes(spoiler.Form(target.Example)), spoiler.Chance(10) ? spoiler.Pick(Types) : "application/x-www-form-urlencoded");
    }

    private ByteArrayContent Multipart(Target target)
    {
        var body = new StringBuilder();
        foreach (var (name, value) in target.Example)
            body.Append("--b\r\nContent-Disposition: form-data; name=\"").Append(name).Append(spoiler.Chance(20) ? "\"; filename=\"f.png" : "").Append("\"\r\n\r\n").Append(spoiler.Chance(20) ? spoiler.OddText() : value).Append("\r\n");
        body.Append("--b--\r\n");
        var bytes = Encoding.UTF8.GetBytes(body.ToString());
        return Typed(spoiler.Chance(50) ? spoiler.SpoilBytes(bytes) : bytes, "multipart/form-data; boundary=b");
    }

    private static ByteArrayContent Typed(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        if (type.Length > 0)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    // What HttpClient itself would refuse to send is left to the raw requests.
    private static string HeaderText(string text) => new([.. text.Where(character => character is >= ' ' and < (char)127).Take(2000)]);

    private string SpoiltPath(string path) => spoiler.Pick(
        new[] { path + "/", path.ToUpperInvariant(), path + "%00", path + "%2e%2e%2f", "/" + path, path + "?", path + ";a=b", "/%63reateTask", path + "/%ff%fe", path[..^1], path + "%0d%0aX:1", "/" + new string('p', 4000) });
}
