using System.Net;
using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
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
    /// <exception cref="StoreUnavailableException">The key is unknown here, and the store cannot be asked whether another node made it.</exception>
    public ApiKey Authenticate(string clientKey, ServerCallContext context) => Authenticate(clientKey, context, out _);

    /// <summary>The same, with the options that stand behind the key in dialects that have such.</summary>
    public ApiKey Authenticate(string clientKey, ServerCallContext context, out KeyOptions options)
    {
        var key = Identify(clientKey, context, out options);
        rates.Take(key);
        return key;
    }

    /// <summary>Looks again at the key of a call that lasts: it may have been rotated or revoked since, or its addresses changed.</summary>
    /// <exception cref="RefusedException">The caller may not use the key any more.</exception>
    public void Confirm(ApiKey key, string clientKey, ServerCallContext context)
    {
        if (Identify(clientKey, context, out _).Id != key.Id)
            throw Unknown();
    }

    /// <summary>The key of a text that came from an address.</summary>
    /// <param name="text">The key's text, or null when the call came without one.</param>
    /// <param name="caller">The caller's address, or null when it is not known.</param>
    /// <exception cref="RefusedException">The key is missing or unknown, the caller's address is not on its list, or it calls too often.</exception>
    public ApiKey Authenticate(string? text, IPAddress? caller)
    {
        var key = Identify(text, caller, withOptions: false, out _);
        rates.Take(key);
        return key;
    }

    /// <summary>The key of a text with or without options behind it, whoever calls; null when there is none.</summary>
    public ApiKey? Recognise(string text) => Find(text, withOptions: true, out _);

    private ApiKey Identify(string clientKey, ServerCallContext context, out KeyOptions options)
    {
        var http = context.GetHttpContext();
        return Identify(
            clientKey.Length > 0 ? clientKey : context.RequestHeaders.GetValue(HeaderName),
            http.Connection.RemoteIpAddress,
            TranscodingFeature.Of(http)?.Profile is DialectProfile { Dialect.KeySuffixes: true },
            out options);
    }

    private ApiKey Identify(string? text, IPAddress? caller, bool withOptions, out KeyOptions options)
    {
        if (string.IsNullOrEmpty(text))
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "clientKey is missing.", "clientKey");
        if (Find(text, withOptions, out options) is not { } key)
            throw ring.IsCurrent ? Unknown() : new StoreUnavailableException("The API key is not known here, and the store cannot be asked whether it is new.");
        if (!key.Settings.AllowedAddresses.IsEmpty && (caller is null || !key.Settings.AllowedAddresses.Contains(caller)))
            throw new RefusedException(ErrorCodes.IpNotAllowed, "This key may not be used from the caller's address.");
        return key;
    }

    private static RefusedException Unknown() => new(ErrorCodes.KeyDoesNotExist, "The API key you provided does not exist in our system.", "clientKey");

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
