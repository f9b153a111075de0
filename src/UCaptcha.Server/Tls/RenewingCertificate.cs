using System.Net.Security;

namespace UCaptcha.Server.Tls;

/// <summary>
/// The certificate that new connections are served with. Files that changed are read again at the next connection; while they cannot be used, the
/// certificate from before stays. Safe for any thread.
/// </summary>
internal sealed partial class RenewingCertificate(CertificateFile file, SslStreamCertificateContext first, ILogger<RenewingCertificate> logger)
{
    private readonly Lock _lock = new();
    private string _stamp = file.Stamp();
    private SslStreamCertificateContext _current = first;

    /// <summary>The certificate for a connection that begins now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            var stamp = file.Stamp();
            lock (_lock)
            {
                if (stamp != _stamp)
                    Renew(stamp);
                return _current;
            }
        }
    }

    // Files that are replaced one after the other fail once and are read again when the second is there.
    private void Renew(string stamp)
    {
        _stamp = stamp;
        try
        {
            _current = file.Load();
            LogRenewed(logger, _current.TargetCertificate.Subject, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (CertificateException exception)
        {
            LogKept(logger, exception.Message);
        }
    }

    [LoggerMessage(EventId = 260, Level = LogLevel.Information, Message = "Connections are served with a new certificate: {Subject}, valid until {NotAfter:u}.")]
    private static partial void LogRenewed(ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(EventId = 261, Level = LogLevel.Warning, Message = "The new certificate cannot be used, the one from before stays. {Reason}")]
    private static partial void LogKept(ILogger logger, string reason);
}
