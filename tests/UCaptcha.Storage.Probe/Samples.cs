using System.Text;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Probe;

/// <summary>A key and tasks of a usual size.</summary>
internal static class Samples
{
    private static readonly byte[] Request = Encoding.UTF8.GetBytes(
        $$"""{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.test/{{new string('a', 120)}}","websiteKey":"{{new string('k', 40)}}"}""");

    public static ValueTask<StoredKey> SaveKeyAsync(IKeyStore store) =>
        store.SaveKeyAsync(new NewKey("probe", new byte[32], false, null, DateTimeOffset.UtcNow), CancellationToken.None);

    public static StoredTask Task(long keyId, int shortId)
    {
        var now = DateTimeOffset.UtcNow;
        return new StoredTask
        {
            Id = Guid.CreateVersion7(now),
            ShortId = shortId,
            KeyId = keyId,
            Family = "RecaptchaV2",
            Request = Request,
            SpeedWeight = 50,
            Dialect = "ucaptcha",
            CreatedAt = now,
            Deadline = now.AddSeconds(180),
            Reserved = new Usd(2990),
        };
    }
}
