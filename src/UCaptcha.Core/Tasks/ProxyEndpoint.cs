namespace UCaptcha.Core.Tasks;

/// <summary>A proxy of the client's.</summary>
/// <param name="Type">http, https, socks4 or socks5.</param>
/// <param name="Host">Name or address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Login">User name, or null.</param>
/// <param name="Password">Password, or null. Never logged.</param>
public sealed record ProxyEndpoint(string Type, string Host, int Port, string? Login, string? Password)
{
    /// <summary>Type, host and port only.</summary>
    public override string ToString() => $"{Type}://{Host}:{Port}";
}
