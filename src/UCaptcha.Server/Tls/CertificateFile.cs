using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace UCaptcha.Server.Tls;

/// <summary>A certificate with its private key on disk: PEM (in one file or two, with the certificates between it and its root) or PFX.</summary>
/// <param name="path">The PFX file, or the PEM file with the certificate first.</param>
/// <param name="keyPath">The PEM file of the private key; null when it is in the first file.</param>
/// <param name="password">The password of the PFX file or of the key; null for none.</param>
internal sealed class CertificateFile(string path, string? keyPath, string? password)
{
    private const string PemMark = "-----BEGIN";

    /// <summary>Reads the files.</summary>
    /// <exception cref="CertificateException">They cannot be read, or hold no certificate with its key.</exception>
    public SslStreamCertificateContext Load()
    {
        try
        {
            var chain = IsPem() ? LoadPem() : X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
            var own = chain.FirstOrDefault(certificate => certificate.HasPrivateKey)
                ?? throw new CertificateException($"{path} has no private key.");
            chain.Remove(own);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{exception.Message}", exception);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // The message of the library may show a part of what it read.
            throw new CertificateException(
                $"{path}{(keyPath is null ? "" : $" with {keyPath}")} is no PEM or PFX certificate with its private key, or the password is wrong.", exception);
        }
    }

    /// <summary>What the files look like from outside: changes when they are replaced, also by a link to others.</summary>
    public string Stamp() => Stamp(path) + Stamp(keyPath ?? path);

    private static string Stamp(string file)
    {
        try
        {
            var info = new FileInfo(file);
            var target = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
            return $"{target.FullName}|{target.LastWriteTimeUtc.Ticks}|{target.Length}|";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "|";
        }
    }

    private X509Certificate2Collection LoadPem()
    {
        var keyFile = keyPath ?? path;
        using var pem = password is null
            ? X509Certificate2.CreateFromPemFile(path, keyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(path);
        chain[0].Dispose();
        // Through PKCS #12, because not every platform can serve from a key that only lives in memory.
        chain[0] = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        return chain;
    }

    private bool IsPem()
    {
        using var reader = new StreamReader(path);
        var start = new char[4096];
        return new string(start, 0, reader.ReadBlock(start)).Contains(PemMark, StringComparison.Ordinal);
    }
}

/// <summary>A certificate cannot be used; the message is a sentence for the operator.</summary>
internal sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
