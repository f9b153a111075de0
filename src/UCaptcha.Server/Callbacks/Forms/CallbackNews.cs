using System.Buffers.Binary;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Core.Tasks.Engine;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Server.Callbacks.Forms;

/// <summary>What one try of a callback tells.</summary>
/// <param name="Callback">The callback.</param>
/// <param name="View">The end of the task.</param>
/// <param name="At">When it is sent.</param>
internal sealed record CallbackNews(StoredCallback Callback, TaskView View, DateTimeOffset At)
{
    private static readonly ReadOnlyMemory<byte> NoSolution = "{}"u8.ToArray();

    /// <summary>The task was solved.</summary>
    public bool IsReady => View.Status == TaskStatus.Ready;

    /// <summary>It tells that the task was solved and not what the solution is, for that is too old or gone.</summary>
    public bool IsThin { get; private init; }

    /// <summary>The news of a solution that is too old or gone, or of a failure, from what the callback itself knows.</summary>
    public static CallbackNews Of(StoredCallback callback, DateTimeOffset at)
    {
        var ready = callback.TaskState == TaskState.Ready;
        return new CallbackNews(
            callback,
            new TaskView
            {
                Id = callback.TaskId,
                ShortId = callback.ShortId,
                Status = ready ? TaskStatus.Ready : TaskStatus.Failed,
                CreatedAt = TimeIn(callback.TaskId),
                EndedAt = callback.EndedAt,
                Solution = ready ? NoSolution : default,
                ErrorCode = callback.ErrorCode,
                ErrorDescription = callback.ErrorDescription,
            },
            at)
        {
            IsThin = ready,
        };
    }

    // A version 7 UUID begins with its time in milliseconds.
    private static DateTimeOffset TimeIn(Guid id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16);
}
