using UCaptcha.TestKit.Processes;

namespace UCaptcha.Conformance;

/// <summary>A server as a newcomer starts it: no settings but free ports, the sandbox, and the first key.</summary>
public sealed class SandboxServer : IAsyncLifetime
{
    /// <summary>Google's published reCAPTCHA v2 test site key.</summary>
    public const string SiteKey = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI";

    public ServerProcess Server { get; private set; } = null!;

    public string Key => Server.FirstKey!;

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
