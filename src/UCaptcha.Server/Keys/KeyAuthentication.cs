using System.Net;
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
    public ApiKey Authenticate(string clientKey, ServerCallContext context) => Authenticate(
        clientKey.Length > 0 ? clientKey : context.RequestHeaders.GetValue(HeaderName),
        context.GetHttpContext().Connection.RemoteIpAddress);

    /// <summary>The key of a text that came from an address.</summary>
    /// <param name="text">The key's text, or null when the call came without one.</param>
    /// <param name="caller">The caller's address, or null when it is not known.</param>
    /// <exception cref="RefusedException">The key is missing or unknown, or the caller's address is not on its list.</exception>
    public ApiKey Authenticate(string? text, IPAddress? caller)
    {
        if (string.IsNullOrEmpty(text))
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "clientKey is missing.", "clientKey");
        if (ring.Find(text) is not { } key)
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "The API key you provided does not exist in our system.", "clientKey");
        if (!key.Settings.AllowedAddresses.IsEmpty && (caller is null || !key.Settings.AllowedAddresses.Contains(caller)))
            throw new RefusedException(ErrorCodes.IpNotAllowed, "This key may not be used from the caller's address.");
        return key;
    }
}
