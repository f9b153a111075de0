using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Server.Dialects;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Keys;

/// <summary>Finds the key that a call comes with, and checks that its caller may use it.</summary>
internal sealed class KeyAuthentication(KeyRing ring)
{
    /// <summary>The metadata or header that may carry the key instead of the message.</summary>
    public const string HeaderName = "x-api-key";

    /// <exception cref="RefusedException">The key is missing or unknown, or the caller's address is not on its list.</exception>
    public ApiKey Authenticate(string clientKey, ServerCallContext context) => Authenticate(clientKey, context, out _);

    /// <summary>The same, with the options that stand behind the key in dialects that have such.</summary>
    public ApiKey Authenticate(string clientKey, ServerCallContext context, out KeyOptions options)
    {
        var text = clientKey.Length > 0 ? clientKey : context.RequestHeaders.GetValue(HeaderName);
        if (string.IsNullOrEmpty(text))
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "clientKey is missing.", "clientKey");
        var http = context.GetHttpContext();
        if (Find(text, TranscodingFeature.Of(http)?.Profile is DialectProfile { Dialect.KeySuffixes: true }, out options) is not { } key)
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "The API key you provided does not exist in our system.", "clientKey");
        if (!key.Settings.AllowedAddresses.IsEmpty
            && (http.Connection.RemoteIpAddress is not { } address || !key.Settings.AllowedAddresses.Contains(address)))
            throw new RefusedException(ErrorCodes.IpNotAllowed, "This key may not be used from the caller's address.");
        return key;
    }

    /// <summary>The key of a text with or without options behind it, whoever calls; null when there is none.</summary>
    public ApiKey? Recognise(string text) => Find(text, withOptions: true, out _);

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
