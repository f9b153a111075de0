using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>A commit failed, and whether it was made all the same could not be found out in time.</summary>
internal sealed class CommitUnsureException : StoreUnavailableException
{
    public CommitUnsureException(Exception cause)
        : base($"The store did not say whether it committed: {cause.Message}", cause) =>
        MayHaveWritten = true;
}
