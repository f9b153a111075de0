using UCaptcha.Core.Storage;
using UCaptcha.Server.Services;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Services;

public sealed class FeedPagesTests
{
    private const long Key = 7;

    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource<FinishedPage>> _reads = [];
    private readonly FeedPages _pages;

    public FeedPagesTests() => _pages = new FeedPages((_, _) =>
    {
        lock (_lock)
        {
            _reads.Add(new TaskCompletionSource<FinishedPage>(TaskCreationOptions.RunContinuationsAsynchronously));
            return new ValueTask<FinishedPage>(_reads[^1].Task);
        }
    });

    [Fact]
    public async Task Read_ManyAskWhileOneReads_ShareOneThatBeginsAfterIt()
    {
        var first = _pages.ReadAsync(Key, 0, CancellationToken.None);
        await BegunAsync(1);
        var later = Enumerable.Range(0, 50).Select(_ => _pages.ReadAsync(Key, 0, CancellationToken.None)).ToArray();

        var (before, after) = (new FinishedPage(1), new FinishedPage(1));
        _reads[0].SetResult(before);
        await BegunAsync(2);
        _reads[1].SetResult(after);

        Assert.Same(before, await first);
        Assert.All(await Task.WhenAll(later), page => Assert.Same(after, page));
        Assert.Equal(2, _reads.Count);
    }

    [Fact]
    public async Task Read_OtherPlace_WaitsForNobody()
    {
        var held = _pages.ReadAsync(Key, 0, CancellationToken.None);
        await BegunAsync(1);
        var elsewhere = _pages.ReadAsync(Key, 1, CancellationToken.None);
        await BegunAsync(2);
        _reads[1].SetResult(new FinishedPage(1));

        await elsewhere;
        Assert.False(held.IsCompleted);
    }

    [Fact]
    public async Task Read_Fails_TellsAllWhoSharedItAndTheNextOneReadsAnew()
    {
        var one = _pages.ReadAsync(Key, 0, CancellationToken.None);
        await BegunAsync(1);
        _reads[0].SetException(new StoreUnavailableException("gone"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => one);

        var next = _pages.ReadAsync(Key, 0, CancellationToken.None);
        await BegunAsync(2);
        _reads[1].SetResult(new FinishedPage(1));
        await next;
    }

    private Task BegunAsync(int count) => Eventually.TrueAsync(() =>
    {
        lock (_lock)
            return _reads.Count == count;
    });
}
