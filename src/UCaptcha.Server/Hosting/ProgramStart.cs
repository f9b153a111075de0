namespace UCaptcha.Server.Hosting;

/// <summary>The start of the program.</summary>
/// <param name="At">When it was, before the store was opened.</param>
internal sealed record ProgramStart(DateTimeOffset At);
