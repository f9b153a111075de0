namespace UCaptcha.Storage.Sql.Writing;

/// <summary>A write that waits for the writer, and whose caller waits for it.</summary>
internal interface IWriteCommand
{
    /// <summary>The key whose money it moves, else 0. Where several writers share a database, each moves money in the order of keys, so that none waits in a circle.</summary>
    long Key { get; }

    /// <summary>Takes it for a commit. False when its caller gave it up before; from then on it cannot be given up.</summary>
    bool TryTake();

    /// <summary>Makes the change inside the open transaction. May be run again after a rollback.</summary>
    void Execute(WriteSession session);

    /// <summary>It failed, though its neighbours may not have.</summary>
    void Reject(Exception failure);

    /// <summary>Lets the caller go on, on another thread.</summary>
    void Complete();
}
