using System.Diagnostics;

namespace UCaptcha.TestKit;

/// <summary>Waits for what comes when it comes, with a bound.</summary>
public static class Eventually
{
    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within the bound.</exception>
    public static Task TrueAsync(Func<bool> condition, TimeSpan? longest = null) => TrueAsync(() => Task.FromResult(condition()), longest);

    /// <summary>Waits until a condition holds; says what never happened when it does not.</summary>
    /// <exception cref="TimeoutException">It did not within the bound.</exception>
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        try
        {
            await TrueAsync(condition);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException("Never happened: " + what);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within the bound.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? longest = null)
    {
        var bound = longest ?? TimeSpan.FromSeconds(30);
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > bound)
                throw new TimeoutException($"The condition did not hold within {bound.TotalSeconds} s.");
            await Task.Delay(10);
        }
    }
}
