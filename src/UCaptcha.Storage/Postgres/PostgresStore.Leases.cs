using System.Collections.Concurrent;
using Dapper;
using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>The leases.</summary>
public sealed partial class PostgresStore : ILeaseStore
{
    /// <summary>A program that starts has no tasks yet and may take long to renew its lease for the first time.</summary>
    private static readonly TimeSpan FirstLease = TimeSpan.FromMinutes(1);

    /// <summary>Tasks that were taken and could not be read after it: they are told of the next time.</summary>
    private readonly ConcurrentQueue<byte[]> _untold = new();

    /// <inheritdoc/>
    public TimeSpan LeaseTime => _options.LeaseTime;

    /// <inheritdoc/>
    public TimeSpan ClockOffset => _lease.ClockOffset;

    /// <summary>What is left of the lease time is for others to notice that the node is gone, and to take its tasks.</summary>
    private TimeSpan Granted => LeaseTime * 0.75;

    /// <inheritdoc/>
    public async ValueTask<int> RenewAsync(CancellationToken cancellationToken)
    {
        var parameters = new { node = _lease.Node, leaseMs = (long)Granted.TotalMilliseconds };
        var alive = await LookAfterAsync(
            async connection =>
            {
                var before = Time.GetUtcNow();
                if (await connection.ExecuteScalarAsync<long?>(NodeSql.Renew, parameters).ConfigureAwait(false) is not { } told)
                    return 0;
                _lease.ClockOffset = Postgres.ClockOffset.Of(before, DbValue.ToTime(told), Time.GetUtcNow());
                return (int)await connection.ExecuteScalarAsync<long>(NodeSql.CountAlive).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        if (alive == 0)
            _lease.Node = 0;
        else
            _lease.Alive = alive;
        return alive;
    }

    /// <inheritdoc/>
    public async ValueTask<int> EndOverdueAsync(CancellationToken cancellationToken)
    {
        var parameters = new { node = _lease.Node };
        if (!await _reads.ReadAsync(static (connection, own) => connection.ExecuteScalar<bool>(NodeSql.HasOverdue, own), parameters, cancellationToken).ConfigureAwait(false))
            return 0;
        return await LookAfterAsync(connection => connection.ExecuteAsync(NodeSql.EndOverdue, parameters), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RegisterAsync(CancellationToken cancellationToken)
    {
        // What was queued under the old number must not be written under the new one: the task may be this node's again, and have begun anew.
        await _writers.DrainAsync().ConfigureAwait(false);
        _untold.Clear();
        _strays.Clear();
        _lease.Node = await LookAfterAsync(connection => Task.FromResult(Register(connection, _options)), cancellationToken).ConfigureAwait(false);
        _logger.Registered(_lease.Node, _options.NodeName);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)>> ClaimAsync(int limit, CancellationToken cancellationToken)
    {
        var ids = new List<byte[]>();
        try
        {
            while (_untold.TryDequeue(out var id))
                ids.Add(id);
            if (await _reads.ReadAsync(static (connection, _) => connection.ExecuteScalar<bool>(NodeSql.HasOrphaned), 0, cancellationToken).ConfigureAwait(false))
                ids.AddRange(await ClaimOrphanedAsync(limit, cancellationToken).ConfigureAwait(false));
            var now = Time.GetUtcNow();
            var strays = _strays.Look(now);
            byte[][] all = [.. ids, .. strays.Select(stray => stray.Key.ToDb())];
            if (all.Length == 0)
                return [];
            // Whoever works on a stray already is not disturbed by hearing of it again.
            var told = await _reads.ListWithAttemptsAsync(NodeSql.UnfinishedOwn, [all, _lease.Node], cancellationToken).ConfigureAwait(false);
            _strays.Settle(strays, now, told.Select(task => task.Task.Id).ToHashSet());
            return told;
        }
        catch
        {
            foreach (var id in ids)
                _untold.Enqueue(id);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        var node = _lease.Node;
        _lease.Node = 0;
        await LookAfterAsync(
            connection => connection.ExecuteAsync(
                $"{NodeSql.Release}; SELECT pg_notify('{NewsText.Channel}', @left)", new { node, left = NewsText.Left(node) }),
            cancellationToken).ConfigureAwait(false);
    }

    private static long Register(NpgsqlConnection connection, PostgresStorageOptions options)
    {
        var lease = options.LeaseTime > FirstLease ? options.LeaseTime : FirstLease;
        // A number that a new primary has not heard of would be given to another node.
        using var wait = new StandbyWait(connection);
        var node = connection.ExecuteScalar<long>(NodeSql.Register, new { name = options.NodeName, leaseMs = (long)lease.TotalMilliseconds });
        return wait.Cancelled is { } cancelled ? throw cancelled : node;
    }

    private static List<byte[]> Claim(NpgsqlConnection connection, int limit)
    {
        var ids = connection.Query<byte[]>(NodeSql.Claim, new { limit }).AsList();
        if (ids.Count < limit)
            connection.Execute(NodeSql.ForgetOrphaned);
        return ids;
    }

    private async ValueTask<IReadOnlyList<byte[]>> ClaimOrphanedAsync(int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<byte[]> taken = [];
        try
        {
            return await _writers.WriteAsync((session, most) => taken = Claim((NpgsqlConnection)session.Connection, most), limit, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException unavailable) when (unavailable.MayHaveWritten)
        {
            foreach (var id in taken)
                _strays.Add(new Guid(id, bigEndian: true));
            throw;
        }
    }

    /// <summary>On a connection of its own: leases are kept also when every other connection is busy and the database gives no more.</summary>
    private async ValueTask<T> LookAfterAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await _leaseKeeping.UseAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresFailures.Translate(e) is var told && told != e)
        {
            throw told;
        }
    }
}
