namespace UCaptcha.Storage.Sql.Writing;

/// <summary>The place of an ended task in the commit order. Known at the latest once the commit is made.</summary>
internal sealed class TaskPlace
{
    /// <summary>Of a task that was at an end before, or is gone.</summary>
    public static TaskPlace None { get; } = new();

    public long Value { get; set; }
}
