using System.Runtime.InteropServices;

namespace UCaptcha.Server.Hosting;

/// <summary>
/// Hears SIGTERM and Ctrl-C while the server starts. Before there is anything to lay down, and so until <see cref="Arm"/>, they end the process.
/// </summary>
internal sealed class StartInterrupt : IDisposable
{
    private readonly CancellationTokenSource _told = new();
    private PosixSignalRegistration[] _signals = [];

    /// <summary>The process was told to stop.</summary>
    public CancellationToken Token => _told.Token;

    /// <summary>From now on a signal ends the start instead of the process.</summary>
    public void Arm() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Tell), PosixSignalRegistration.Create(PosixSignal.SIGINT, Tell)];

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _told.Dispose();
    }

    private void Tell(PosixSignalContext signal)
    {
        signal.Cancel = true;
        try
        {
            _told.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It came at the very end.
        }
    }
}
