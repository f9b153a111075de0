namespace UCaptcha.Core.Tasks.Engine;

/// <summary>The two steps of a stop: nothing new is begun any more, and later what is still under way is cut.</summary>
internal sealed class EngineStop : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cut = new();

    /// <summary>Whether nothing new is to be begun.</summary>
    public bool Begun => _stopping.IsCancellationRequested;

    /// <summary>Ends waiting: for accounts, polls and callers.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Ends upstream calls and writes as well.</summary>
    public CancellationToken Cut { get; }

    public EngineStop() => (Stopping, Cut) = (_stopping.Token, _cut.Token);

    public Task BeginAsync() => _stopping.CancelAsync();

    public Task CutAsync() => _cut.CancelAsync();

    public void Dispose()
    {
        _stopping.Dispose();
        _cut.Dispose();
    }
}
