using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using UCaptcha.Server.Hosting;

namespace UCaptcha.Server.Tls;

/// <summary>What a port speaks.</summary>
internal static class TlsListenExtensions
{
    /// <summary>Clear text has one protocol for each port; behind TLS both share one, and ALPN tells them apart.</summary>
    public static void Speak(this ListenOptions listen, bool isTls, HttpProtocols inClearText)
    {
        listen.Protocols = isTls ? HttpProtocols.Http1AndHttp2 : inClearText;
        if (!isTls)
            return;
        var certificate = listen.ApplicationServices.GetRequiredService<RenewingCertificate>();
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }),
        });
    }

    /// <summary>Adds the certificate, where one is set.</summary>
    public static void AddTls(this IServiceCollection services, ServerSetup setup)
    {
        if (setup.Certificate is not { } file)
            return;
        services.AddSingleton(provider => new RenewingCertificate(
            file, setup.FirstCertificate!, provider.GetRequiredService<ILogger<RenewingCertificate>>()));
    }
}
