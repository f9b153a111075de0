using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>Two nodes on one database, each of them a store. Their leases last longer than a test, however busy the machine is.</summary>
public abstract class TwoNodes : IAsyncLifetime
{
    private protected static CancellationToken None => CancellationToken.None;

    private protected PostgresHost Host { get; } = new(options => options with { LeaseTime = TimeSpan.FromMinutes(1) }, ownDatabase: true);

    private protected PostgresStore A { get; private set; } = null!;

    private protected PostgresStore B { get; private set; } = null!;

    private protected long Key { get; private set; }

    public async ValueTask InitializeAsync()
    {
        A = await Host.OpenPostgresAsync();
        B = await Host.OpenPostgresAsync();
        Key = (await A.SaveKeyAsync(Make.Key(), None)).Id;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (A is null)
            return;
        await A.DisposeAsync();
        await B.DisposeAsync();
    }

    private protected async Task<StoredTask> AddAsync(PostgresStore node, string? callbackUrl = null)
    {
        var task = Make.Task(Key) with { CallbackUrl = callbackUrl };
        Assert.Equal(AcceptResult.Accepted, (await node.AcceptAsync(task, None)).Result);
        return task;
    }

    /// <summary>Time passes for the first node's lease alone: nobody has to wait for it.</summary>
    private protected void PassForA(int seconds) =>
        Host.Execute($"UPDATE nodes SET lease_until = lease_until - interval '{seconds} seconds' WHERE id = (SELECT min(id) FROM nodes)");

    /// <summary>Makes the first node overdue, and lets the other one find that.</summary>
    private protected async Task EndLeaseOfAAsync()
    {
        PassForA(seconds: 61);
        Assert.Equal(1, await B.EndOverdueAsync(None));
    }
}
