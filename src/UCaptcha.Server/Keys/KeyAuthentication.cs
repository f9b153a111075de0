using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Core.Keys;

namespace UCaptcha.Server.Keys;

/// <summary>Finds the key that a call comes with, and checks that its caller may use it.</summary>
internal sealed class KeyAuthentication(KeyRing ring)
{
    /// <summary>The metadata or header that may carry the key instead of the message.</summary>
    public const string HeaderName = "x-api-key";

    /// <exception cref="RefusedException">The key is missing or unknown, or the caller's address is not on its list.</exception>
    public ApiKey Authenticate(string clientKey, ServerCallContext context)
    {
        var text = clientKey.Length > 0 ? clientKey : context.RequestHeaders.GetValue(HeaderName);
        if (string.IsNullOrEmpty(text))
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "clientKey is missing.", "clientKey");
        if (ring.Find(text) is not { } key)
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "The API key you provided does not exist in our system.", "clientKey");
        if (!key.Settings.AllowedAddresses.IsEmpty
            && (context.GetHttpContext().Connection.RemoteIpAddress is not { } address || !key.Settings.AllowedAddresses.Contains(address)))
            throw new RefusedException(ErrorCodes.IpNotAllowed, "This key may not be used from the caller's address.");
        return key;
    }
}
