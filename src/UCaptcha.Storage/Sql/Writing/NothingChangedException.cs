namespace UCaptcha.Storage.Sql.Writing;

/// <summary>A change that was taken for granted found nothing to change. Nobody is told: made one by one, each write finds out for itself.</summary>
internal sealed class NothingChangedException() : Exception("A change found nothing to change.");
