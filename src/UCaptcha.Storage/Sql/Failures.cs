using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>What a caller is told of a failure, whatever the database.</summary>
internal static class Failures
{
    /// <summary>Whatever it was, the callers whose writes shared the commit did not cause it.</summary>
    public static StoreUnavailableException OfCommit(Exception failure) =>
        failure as StoreUnavailableException ?? new StoreUnavailableException($"The store could not commit: {failure.Message}", failure);

    public static StoreUnavailableException Closed() => new("The store is closed.");

    public static StoreUnavailableException QueueFull() => new("The store has too many writes waiting.");
}
