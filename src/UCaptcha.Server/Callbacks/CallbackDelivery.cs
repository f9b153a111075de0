using System.Buffers.Binary;
using System.Security.Cryptography;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Callbacks.Forms;

namespace UCaptcha.Server.Callbacks;

/// <summary>Makes one try of a callback, and decides how it goes on.</summary>
/// <param name="tasks">Where the solution is while it is fresh.</param>
/// <param name="keyOf">Finds a key by its id.</param>
/// <param name="forms">What to send.</param>
/// <param name="client">Sends it.</param>
/// <param name="breakers">Learn whether the receiver answered.</param>
/// <param name="time">The time.</param>
/// <param name="random">Spreads the tries.</param>
internal sealed class CallbackDelivery(
    ITaskStore tasks,
    Func<long, ApiKey?> keyOf,
    CallbackForms forms,
    CallbackClient client,
    ReceiverBreakers breakers,
    TimeProvider time,
    RandomNumberGenerator random)
{
    /// <summary>Tries once. Throws only when <paramref name="stop"/> is cancelled.</summary>
    public async Task<CallbackRecord> TryAsync(StoredCallback callback, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        var outcome = await SendAsync(callback, stop);
        breakers.End(callback, outcome.Answered);
        return RecordOf(callback, outcome, new CallbackTry(callback.Tries, time.GetUtcNow(), time.GetElapsedTime(begun), outcome.Reason));
    }

    /// <summary>The record of a try that the end of the process cut: it is due again at once.</summary>
    public CallbackRecord CutShort(StoredCallback callback)
    {
        var now = time.GetUtcNow();
        var cut = new CallbackTry(callback.Tries, now, TimeSpan.Zero, "cut by the end of the server");
        return new CallbackRecord(callback.Id, cut, CallbackState.Pending, now, callback.Step);
    }

    private async Task<CallbackOutcome> SendAsync(StoredCallback callback, CancellationToken stop)
    {
        try
        {
            // Another node may have made the key a moment ago, or have the secret's master key, and the signature must not be left out.
            if (keyOf(callback.KeyId) is not { } key)
                return CallbackOutcome.Failed("the key is not known");
            var news = await NewsAsync(callback, stop);
            using var request = forms.Find(callback.Dialect, key, news.At).Write(news);
            return await client.SendAsync(request, stop);
        }
        catch (StoreUnavailableException)
        {
            return CallbackOutcome.Failed("the result could not be read");
        }
        catch (UriFormatException)
        {
            return CallbackOutcome.Hopeless("the URL cannot be used");
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // Our own fault. It must take its course all the same, or it would come back for ever.
            return CallbackOutcome.Failed($"a fault of this server: {e.GetType().Name}");
        }
    }

    private async Task<CallbackNews> NewsAsync(StoredCallback callback, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        return now - callback.EndedAt < CallbackSchedule.TokenLife && await tasks.FindAsync(callback.TaskId, stop) is { } task
            ? new CallbackNews(callback, TaskView.Of(task), now)
            : CallbackNews.Of(callback, now);
    }

    private CallbackRecord RecordOf(StoredCallback callback, CallbackOutcome outcome, CallbackTry ended)
    {
        if (outcome.Verdict == CallbackVerdict.Delivered)
            return new CallbackRecord(callback.Id, ended, CallbackState.Delivered, ended.At, callback.Step);
        return outcome.Verdict == CallbackVerdict.Failed && CallbackSchedule.WaitAfter(callback.Step, outcome.RetryAfter, Draw()) is { } wait
            ? new CallbackRecord(callback.Id, ended, CallbackState.Pending, ended.At + wait, callback.Step + 1)
            : new CallbackRecord(callback.Id, ended, CallbackState.GivenUp, ended.At, callback.Step);
    }

    private double Draw()
    {
        Span<byte> bytes = stackalloc byte[4];
        random.GetBytes(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) / (uint.MaxValue + 1.0);
    }
}
