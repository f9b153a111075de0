using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Has the store accept a task, and does not make a client wait for a store that hangs.</summary>
/// <param name="accept">How the store accepts one.</param>
/// <param name="silence">Hears whether it answers.</param>
/// <param name="clock">The time.</param>
internal sealed class PatientAcceptance(
    Func<StoredTask, CancellationToken, ValueTask<AcceptOutcome>> accept, StoreSilence silence, TimeProvider clock)
{
    /// <summary>What the store has not begun to write by then is taken back.</summary>
    public static readonly TimeSpan ToBegin = TimeSpan.FromSeconds(5);

    /// <summary>What it has begun cannot be taken back; the client waits so long for its commit.</summary>
    public static readonly TimeSpan ToCommit = TimeSpan.FromSeconds(10);

    /// <summary>Stores the task, or tells why not.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Takes it back as long as the store has not begun to write it.</param>
    /// <exception cref="StillAcceptingException">The store has begun to write it, and may yet say that it did.</exception>
    /// <exception cref="StoreUnavailableException">The store failed, or did not begin in time.</exception>
    public async ValueTask<AcceptOutcome> AcceptAsync(StoredTask task, CancellationToken cancellationToken)
    {
        using var wanted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = AskAsync(task, wanted.Token, cancellationToken);
        try
        {
            return await answer.WaitAsync(ToBegin, clock, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await wanted.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            return await answer.WaitAsync(ToCommit - ToBegin, clock, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new StillAcceptingException(answer) { MayHaveWritten = true };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnavailableException("The store did not begin in time to write.");
        }
    }

    private async Task<AcceptOutcome> AskAsync(StoredTask task, CancellationToken either, CancellationToken caller)
    {
        var asked = silence.Ask();
        try
        {
            var outcome = await accept(task, either).ConfigureAwait(false);
            silence.Answered();
            return outcome;
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            silence.Withdrawn();
            throw;
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
        {
            silence.Failed(asked);
            throw;
        }
        catch
        {
            silence.Answered();
            throw;
        }
    }
}
