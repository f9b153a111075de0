using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Stores;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>Tells how the server does, and copies its database.</summary>
internal sealed class StatusDesk(
    ServerSetup setup, ProgramStart start, IStoreKeeper keeper, INodeStore nodes, ICallbackStore callbacks, IAuditStore audit, ClockWatch clocks)
{
    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(StatusDesk).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public async Task<GetStatusResponse> GetAsync(CancellationToken cancellationToken)
    {
        var store = await keeper.GetStatusAsync(cancellationToken);
        var alive = await nodes.ListNodesAsync(cancellationToken);
        return new GetStatusResponse
        {
            Version = Version,
            Node = Environment.MachineName,
            StartedAt = start.At.ToMessage(),
            Store = setup.Settings.Storage.Provider.ToLowerInvariant(),
            SchemaVersion = store.SchemaVersion,
            DatabaseBytes = store.SizeBytes,
            UnfinishedTasks = store.Unfinished,
            OldestUnfinishedAt = store.OldestUnfinishedAt.ToMessage(),
            FinishedTasks = store.Finished,
            LostAttempts = store.LostAttempts,
            PendingCallbacks = await callbacks.CountPendingCallbacksAsync(cancellationToken),
            LedgerRows = store.LedgerRows,
            AuditRows = store.AuditRows,
            NodeNumber = alive.FirstOrDefault(node => node.IsThis)?.Number ?? 0,
            Nodes = { alive.Select(Render) },
        };
    }

    /// <exception cref="RefusedException">The copy cannot be made.</exception>
    public async Task<CreateBackupResponse> BackUpAsync(ChangedBy by, CancellationToken cancellationToken)
    {
        var name = by.At.ToString("'backup-'yyyyMMdd'-'HHmmss'-'fff'.db'", CultureInfo.InvariantCulture);
        var path = Path.Combine(Path.GetFullPath(setup.Settings.DataDirectory), name);
        try
        {
            var size = await keeper.BackupAsync(path, cancellationToken);
            var made = new JsonObject { ["sizeBytes"] = size }.ToJsonString();
            // Nor when the caller has gone meanwhile: there is no copy without its row.
            await audit.AppendAuditAsync(new NewAuditEntry(by, "backup.create", $"backup/{name}", Before: null, made), CancellationToken.None);
            return new CreateBackupResponse { Path = path, SizeBytes = size };
        }
        catch (StoreUnavailableException)
        {
            File.Delete(path);
            throw;
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            throw AdminRefusals.NotNow(exception.Message);
        }
    }

    private Node Render(LiveNode node)
    {
        var rendered = new Node
        {
            Number = node.Number,
            Name = node.Name,
            Since = node.Since.ToMessage(),
            LeaseUntil = node.LeaseUntil.ToMessage(),
            UnfinishedTasks = node.Unfinished,
            Answers = node.IsThis,
        };
        if (node.IsThis && clocks.Offset is { } offset)
            rendered.ClockOffsetSeconds = offset.TotalSeconds;
        return rendered;
    }
}
