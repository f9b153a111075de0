using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Tls;

/// <summary>A certificate authority of a test's own, and the files of the certificates that it gives to 127.0.0.1.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow().AddDays(-1);

    private readonly X509Certificate2 _root;
    private byte _serial;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(Begin, Begin.AddDays(2));
        File.WriteAllText(RootPath, _root.ExportCertificatePem());
    }

    public string RootPath => PathOf("root.pem");

    public string PathOf(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Writes a certificate and its key as two PEM files, over those from before.</summary>
    public void WritePem(string name)
    {
        using var certificate = Issue(name);
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(PathOf("key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf("cert.pem"), certificate.ExportCertificatePem());
    }

    public void WritePfx(string name, string password)
    {
        using var certificate = Issue(name);
        File.WriteAllBytes(PathOf("cert.pfx"), certificate.Export(X509ContentType.Pkcs12, password));
    }

    /// <summary>A handler that trusts this authority only, and tells whose certificate it saw.</summary>
    public SocketsHttpHandler Handler(Action<string>? saw = null) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                saw?.Invoke(certificate!.Subject);
                return errors == SslPolicyErrors.None;
            },
        },
    };

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    private X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_root, Begin, Begin.AddDays(2), [++_serial]);
        return certificate.CopyWithPrivateKey(key);
    }
}
