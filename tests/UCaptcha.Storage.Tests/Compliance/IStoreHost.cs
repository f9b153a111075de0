using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Tests.Compliance;

/// <summary>An opened store.</summary>
public sealed record OpenStore(ITaskStore Tasks, IKeyStore Keys, ICallbackStore Callbacks, IAsyncDisposable Handle) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Handle.DisposeAsync();
}

/// <summary>A row of the ledger as it is stored.</summary>
public sealed record LedgerRow(long At, long? KeyId, byte[]? TaskId, string Kind, string? Account, long AmountMicros);

/// <summary>A database of its own for one test, and a way to look at it behind the store's back.</summary>
public interface IStoreHost : IAsyncDisposable
{
    /// <summary>Opens the store on the same database as before.</summary>
    ValueTask<OpenStore> OpenAsync();

    /// <summary>All rows in order.</summary>
    IReadOnlyList<LedgerRow> ReadLedger();

    /// <summary>Runs a statement on a connection of its own; fails as the database fails.</summary>
    void Execute(string sql);
}
