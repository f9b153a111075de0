using UCaptcha.Core;

namespace UCaptcha.Server.Legacy;

/// <summary>Checks that the older APIs share.</summary>
internal static class RefusalsOf
{
    /// <summary>Lets only these HTTP methods pass.</summary>
    /// <exception cref="RefusedException"><see cref="LegacyCodes.MethodNotAllowed"/>.</exception>
    public static void OtherMethods(HttpContext http, params IReadOnlyList<string> allowed)
    {
        if (allowed.Contains(http.Request.Method, StringComparer.OrdinalIgnoreCase))
            return;
        http.Response.Headers.Allow = string.Join(", ", allowed);
        throw new RefusedException(LegacyCodes.MethodNotAllowed, $"The method must be {string.Join(" or ", allowed)}.");
    }
}
