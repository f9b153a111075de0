using System.Net.Http.Headers;
using System.Text;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Server.Keys;

namespace UCaptcha.Server.Legacy.DeathByCaptcha;

/// <summary>
/// Finds the key of a call: <c>authtoken</c>, or the user name or the password, as fields or as HTTP Basic. Clients of this API want two
/// texts; the one that is a key counts, and the other may be anything.
/// </summary>
internal sealed class DeathByCaptchaKey(KeyRing ring, KeyAuthentication keys)
{
    /// <summary>Whether a call brings anything that could be a key.</summary>
    public static bool IsIn(HttpContext http, Parameters parameters) => Candidates(http, parameters).Any();

    /// <exception cref="RefusedException">No key, an unknown one, or one that may not be used from there.</exception>
    public ApiKey Authenticate(HttpContext http, Parameters parameters)
    {
        var candidates = Candidates(http, parameters).ToList();
        if (candidates.Count == 0)
            throw new RefusedException(LegacyCodes.KeyFormat, "authtoken is missing.", "authtoken");
        return keys.Authenticate(candidates.Find(text => ring.Find(text) is not null) ?? candidates[0], http.Connection.RemoteIpAddress);
    }

    private static IEnumerable<string> Candidates(HttpContext http, Parameters parameters)
    {
        string?[] texts = [parameters.Text("authtoken"), .. Basic(http), parameters.Text("username"), parameters.Text("password")];
        return texts.Where(text => !string.IsNullOrEmpty(text))!;
    }

    private static string[] Basic(HttpContext http)
    {
        if (!AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header)
            || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            || header.Parameter is not { } encoded)
            return [];
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) : [];
    }
}
