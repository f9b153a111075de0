namespace UCaptcha.Server.Hosting;

/// <summary>What the operator reads on the console once the server answers.</summary>
/// <param name="console">The console.</param>
/// <param name="addresses">Where it listens: JSON first, the admin port last.</param>
internal sealed class Greeting(TextWriter console, IReadOnlyList<string> addresses)
{
    /// <summary>Google's published test site key for reCAPTCHA v2, which the sandbox answers.</summary>
    private const string TestSiteKey = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI";

    /// <param name="sandboxOnly">Whether there is no account but the sandbox.</param>
    /// <param name="resumed">How many tasks from before go on.</param>
    public void TellWork(bool sandboxOnly, int resumed)
    {
        if (sandboxOnly)
            console.WriteLine("No provider account is configured: the sandbox answers the vendors' published test keys, and nothing else.");
        if (resumed > 0)
            console.WriteLine($"{resumed} unfinished tasks go on.");
    }

    public void ShowKey(string firstKey)
    {
        var http = addresses[0];
        console.WriteLine($"API key (shown this once): {firstKey}");
        console.WriteLine("Try:");
        console.WriteLine($$$"""
              curl -s {{{http}}}/createTask -d '{"clientKey":"{{{firstKey}}}","task":{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://www.google.com/recaptcha/api2/demo","websiteKey":"{{{TestSiteKey}}}"}}'
            """);
        console.WriteLine("and ask for the result about a second later:");
        console.WriteLine($$$"""
              curl -s {{{http}}}/getTaskResult -d '{"clientKey":"{{{firstKey}}}","taskId":"THE_TASK_ID"}'
            """);
        console.WriteLine();
    }

    public void ShowAdminKey(string adminKey) => console.WriteLine($"Admin key (shown this once): {adminKey}");

    /// <param name="grpcHasItsOwn">Whether gRPC has an address of its own, the second one.</param>
    public void TellAddresses(bool grpcHasItsOwn)
    {
        console.WriteLine($"Admin on {addresses[^1]}");
        console.WriteLine($"JSON on {addresses[0]}, gRPC on {addresses[grpcHasItsOwn ? 1 : 0]}");
    }
}
