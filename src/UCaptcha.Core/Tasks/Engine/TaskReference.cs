using System.Globalization;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>A task id as clients write it: a UUID, or the short number.</summary>
public readonly record struct TaskReference
{
    private TaskReference(Guid id, int shortId) => (Id, ShortId) = (id, shortId);

    /// <summary>The UUID, or empty when the short number was given.</summary>
    public Guid Id { get; }

    /// <summary>The short number, or 0.</summary>
    public int ShortId { get; }

    /// <summary>Reads an id. Text that cannot be one names no task.</summary>
    /// <exception cref="RefusedException"><see cref="ErrorCodes.BadParameters"/> when it is missing, <see cref="ErrorCodes.WrongCaptchaId"/> when it cannot be an id.</exception>
    public static TaskReference Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new RefusedException(ErrorCodes.BadParameters, "taskId is missing.", "taskId");
        if (Guid.TryParseExact(text, "D", out var id))
            return new TaskReference(id, 0);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return new TaskReference(Guid.Empty, number);
        throw Unknown();
    }

    /// <summary>The refusal of an id that names no task of the key.</summary>
    public static RefusedException Unknown() =>
        new(ErrorCodes.WrongCaptchaId, "No task of this key has this taskId, or its result has expired.", "taskId");
}
