using System.Net.Security;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Accounts;
using UCaptcha.Server.Options;
using UCaptcha.Server.Secrets;
using UCaptcha.Server.Tls;

namespace UCaptcha.Server.Hosting;

/// <summary>The settings after they were checked, in the words of the domain.</summary>
/// <param name="Settings">As they were written.</param>
/// <param name="Http">Where JSON is spoken.</param>
/// <param name="Grpc">Where gRPC is spoken besides; null where the address of JSON speaks it too.</param>
/// <param name="Admin">Where administrators are served.</param>
/// <param name="AdminKeyHash">SHA-256 of the configured admin key, or null.</param>
/// <param name="Secrets">Seals credentials for the store.</param>
/// <param name="Engine">The engine's budgets.</param>
/// <param name="Accounts">The configured accounts.</param>
/// <param name="Keys">The configured keys.</param>
/// <param name="DeniedDomains">Target domains that no key may use.</param>
internal sealed record ServerSetup(
    UCaptchaSettings Settings,
    ListenAddress Http,
    ListenAddress? Grpc,
    ListenAddress Admin,
    byte[]? AdminKeyHash,
    SecretSealer Secrets,
    EngineOptions Engine,
    IReadOnlyList<ConfiguredAccount> Accounts,
    IReadOnlyList<ConfiguredKey> Keys,
    DomainRules DeniedDomains)
{
    /// <summary>Where the certificate is, or null for none.</summary>
    public CertificateFile? Certificate { get; init; }

    /// <summary>The certificate as it was at the start.</summary>
    public SslStreamCertificateContext? FirstCertificate { get; init; }
}

/// <summary>A key from configuration.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Hash">SHA-256 of its text; the text itself is not kept.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Budget">The most it may spend in its lifetime, or null.</param>
internal sealed record ConfiguredKey(string Name, byte[] Hash, KeySettings Settings, Usd? Budget);
