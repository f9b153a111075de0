using UCaptcha.Core.Storage;
using UCaptcha.Server.Admin;
using UCaptcha.Server.Keys;

namespace UCaptcha.Server.Hosting;

/// <summary>Makes the keys of a first start. The server runs by then, and sees to its lease by itself.</summary>
internal static class FirstKeys
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The text of an API key when there was none, else null.</summary>
    public static Task<string?> MakeKeyAsync(IServiceProvider services) => UnderALeaseAsync(services, services.GetRequiredService<KeyLoader>().MakeFirstAsync);

    /// <summary>The text of an admin key when there was none, else null.</summary>
    public static Task<string?> MakeAdminKeyAsync(IServiceProvider services) => UnderALeaseAsync(services, services.GetRequiredService<AdminKeyLoader>().MakeAsync);

    private static async Task<string?> UnderALeaseAsync(IServiceProvider services, Func<Task<string?>> make)
    {
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        while (true)
        {
            try
            {
                return await make();
            }
            catch (LeaseLostException)
            {
                await Task.Delay(Pause, services.GetRequiredService<TimeProvider>(), stopping);
            }
        }
    }
}
