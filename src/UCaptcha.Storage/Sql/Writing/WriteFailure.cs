namespace UCaptcha.Storage.Sql.Writing;

/// <summary>That a write failed.</summary>
/// <param name="Cause">In the database's words.</param>
/// <param name="At">The timestamp.</param>
internal sealed record WriteFailure(Exception Cause, long At);
