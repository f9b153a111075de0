using Microsoft.Extensions.Logging;

namespace UCaptcha.Transcoding.Tests.Http;

// Keeps the errors that a server logs.
internal sealed class MemoryLog(Handlers handlers) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;

        lock (handlers.Logged)
            handlers.Logged.Add($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
