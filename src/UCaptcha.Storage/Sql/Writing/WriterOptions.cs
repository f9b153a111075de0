namespace UCaptcha.Storage.Sql.Writing;

/// <summary>How a writer gathers its commits.</summary>
/// <param name="QueueCapacity">How many writes may wait. Above it a write fails at once.</param>
/// <param name="MaxBatch">The most writes in one commit.</param>
/// <param name="MaxBatchAge">How long a commit takes in writes that arrive while it is made; zero for none.</param>
internal sealed record WriterOptions(int QueueCapacity, int MaxBatch, TimeSpan MaxBatchAge);
