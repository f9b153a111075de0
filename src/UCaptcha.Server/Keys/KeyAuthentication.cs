using System.Net;
using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.RateLimiting;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Keys;

/// <summary>Finds the key that a call comes with, and checks that its caller may use it.</summary>
internal sealed class KeyAuthentication(KeyRing ring, KeyRateLimiter rates)
{
    /// <summary>The metadata or header that may carry the key instead of the message.</summary>
    public const string HeaderName = "x-api-key";

    /// <exception cref="RefusedException">The key is missing or unknown, the caller's address is not on its list, or it calls too often.</exception>
    public ApiKey Authenticate(string clientKey, ServerCallContext context) => Authenticate(clientKey, context, out _);

    /// <summary>The same, with the options that stand behind the key in dialects that have such.</summary>
    public ApiKey Authenticate(string clientKey, ServerCallContext context, out KeyOptions options)
    {
        var http = context.GetHttpContext();
        return Authenticate(
            clientKey.Length > 0 ? clientKey : context.RequestHeaders.GetValue(HeaderName),
            http.Connection.RemoteIpAddress,
            TranscodingFeature.Of(http)?.Profile is DialectProfile { Dialect.KeySuffixes: true },
            out options);
    }

    /// <summary>The key of a text that came from an address.</summary>
    /// <param name="text">The key's text, or null when the call came without one.</param>
    /// <param name="caller">The caller's address, or null when it is not known.</param>
    /// <exception cref="RefusedException">The key is missing or unknown, the caller's address is not on its list, or it calls too often.</exception>
    public ApiKey Authenticate(string? text, IPAddress? caller) => Authenticate(text, caller, withOptions: false, out _);

    /// <summary>The key of a text with or without options behind it, whoever calls; null when there is none.</summary>
    public ApiKey? Recognise(string text) => Find(text, withOptions: true, out _);

    private ApiKey Authenticate(string? text, IPAddress? caller, bool withOptions, out KeyOptions options)
    {
        if (string.IsNullOrEmpty(text))
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "clientKey is missing.", "clientKey");
        if (Find(text, withOptions, out options) is not { } key)
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "The API key you provided does not exist in our system.", "clientKey");
        if (!key.Settings.AllowedAddresses.IsEmpty && (caller is null || !key.Settings.AllowedAddresses.Contains(caller)))
            throw new RefusedException(ErrorCodes.IpNotAllowed, "This key may not be used from the caller's address.");
        rates.Take(key);
        return key;
    }

    private ApiKey? Find(string text, bool withOptions, out KeyOptions options)
    {
        options = default;
        var key = ring.Find(text);
        if (key is not null || !withOptions)
            return key;
        foreach (var (shorter, behind) in KeyOptions.Partings(text))
        {
            if (ring.Find(shorter) is not { } found)
                continue;
            options = behind;
            return found;
        }

        return null;
    }
}
