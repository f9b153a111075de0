using System.Net;
using System.Security.Cryptography;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Server.RateLimiting;

namespace UCaptcha.Server.Admin;

/// <summary>
/// Lets in who has the admin key. An address that came with a wrong one ten times within a minute is not listened to until the minute
/// is over, right key or not, so that guessing is hopeless.
/// </summary>
internal sealed partial class AdminKeyCheck(IAuditStore audit, TimeProvider clock, ILogger<AdminKeyCheck> logger)
{
    /// <summary>The metadata or header with the key; <c>authorization: Bearer</c> does as well.</summary>
    public const string HeaderName = "x-admin-key";

    private const int MaxWrong = 10;
    private const int MaxAddresses = 10_000;
    private const string Bearer = "Bearer ";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _wrong = [];
    private DateTimeOffset _windowEnd = DateTimeOffset.MinValue;
    private volatile byte[] _hash = [];

    /// <summary>Puts a key in force.</summary>
    /// <param name="hash">SHA-256 of its text.</param>
    public void Use(byte[] hash) => _hash = hash;

    /// <exception cref="RefusedException">The key is missing or wrong, or the address has tried too often.</exception>
    public void Check(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var client = AddressKey.Of(address);
        if (WaitOf(client) is { } wait)
            throw new RefusedException(ErrorCodes.RateLimit, "Too many wrong admin keys from this address.", retryAfter: wait);
        if (KeyOf(context.Request) is not { } text)
            throw new RefusedException(ErrorCodes.KeyDoesNotExist, "The admin key is missing: send x-admin-key, or authorization: Bearer.");
        if (CryptographicOperations.FixedTimeEquals(ApiKeyText.Hash(text), _hash))
            return;
        LogWrong(logger, address);
        if (CountWrong(client))
            _ = AuditAsync(address);
        throw new RefusedException(ErrorCodes.KeyDoesNotExist, "The admin key is wrong.");
    }

    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers[HeaderName] is [{ Length: > 0 } key])
            return key;
        return request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : null;
    }

    private TimeSpan? WaitOf(UInt128 client)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (now >= _windowEnd)
            {
                _wrong.Clear();
                _windowEnd = now + Window;
            }

            return _wrong.GetValueOrDefault(CountedAs(client)) >= MaxWrong ? _windowEnd - now : null;
        }
    }

    /// <summary>Counts a wrong key; true when it was the last one to be looked at.</summary>
    private bool CountWrong(UInt128 client)
    {
        lock (_lock)
        {
            var counted = CountedAs(client);
            return (_wrong[counted] = _wrong.GetValueOrDefault(counted) + 1) == MaxWrong;
        }
    }

    /// <summary>Beyond the cap all newcomers count as one.</summary>
    private UInt128 CountedAs(UInt128 client) => _wrong.Count < MaxAddresses || _wrong.ContainsKey(client) ? client : UInt128.Zero;

    private async Task AuditAsync(IPAddress address)
    {
        try
        {
            await audit.AppendAuditAsync(
                new NewAuditEntry(new ChangedBy("system", clock.GetUtcNow()), "admin.lockout", $"address/{address}", null, null), CancellationToken.None);
        }
        catch (StoreUnavailableException exception)
        {
            LogNotAudited(logger, exception.Message);
        }
    }

    [LoggerMessage(EventId = 240, Level = LogLevel.Warning, Message = "A wrong admin key came from {Address}.")]
    private static partial void LogWrong(ILogger logger, IPAddress address);

    [LoggerMessage(EventId = 241, Level = LogLevel.Warning, Message = "A lock-out could not be written to the audit log: {Why}")]
    private static partial void LogNotAudited(ILogger logger, string why);
}
