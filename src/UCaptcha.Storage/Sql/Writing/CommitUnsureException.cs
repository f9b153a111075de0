using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql.Writing;

/// <summary>The connection broke in a commit, and whether that was made could not be found out in time.</summary>
internal sealed class CommitUnsureException(Exception cause)
    : StoreUnavailableException($"The store did not say whether it committed: {cause.Message}", cause);
