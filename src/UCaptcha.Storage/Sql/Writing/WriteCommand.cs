namespace UCaptcha.Storage.Sql.Writing;

/// <summary>A write and the promise to its caller in one object.</summary>
internal sealed class WriteCommand<TState, TResult>(Func<WriteSession, TState, TResult> work, TState state, long key)
    : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), IWriteCommand
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int GivenUp = 2;

    private int _stage;
    private TResult _result = default!;
    private Exception? _failure;

    public long Key { get; } = key;

    public bool TryTake() => Interlocked.CompareExchange(ref _stage, Taken, Waiting) == Waiting;

    public void Execute(WriteSession session)
    {
        _failure = null;
        _result = work(session, state);
    }

    public void Reject(Exception failure) => _failure ??= failure;

    public void Complete()
    {
        if (_failure is null)
            SetResult(_result);
        else
            SetException(_failure);
    }

    /// <summary>The result, or cancellation when the token fires before the writer has taken the command: then nothing is written.</summary>
    public async ValueTask<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static (command, token) => ((WriteCommand<TState, TResult>)command!).GiveUp(token), this))
            return await Task.ConfigureAwait(false);
    }

    private void GiveUp(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _stage, GivenUp, Waiting) == Waiting)
            SetCanceled(cancellationToken);
    }
}
