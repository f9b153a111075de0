namespace UCaptcha.Server.Hosting;

/// <summary>What the operator reads on the console once the server answers.</summary>
internal static class Greeting
{
    /// <summary>Google's published test site key for reCAPTCHA v2, which the sandbox answers.</summary>
    private const string TestSiteKey = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI";

    public static void Write(
        TextWriter console, ServerSetup setup, IReadOnlyList<string> addresses, bool sandboxOnly, int resumed, string? firstKey, string? adminKey)
    {
        if (sandboxOnly)
            console.WriteLine("No provider account is configured: the sandbox answers the vendors' published test keys, and nothing else.");
        if (resumed > 0)
            console.WriteLine($"{resumed} unfinished tasks go on.");
        if (firstKey is not null)
            WriteFirstKey(console, addresses[0], firstKey);
        if (adminKey is not null)
            console.WriteLine($"Admin key (shown this once): {adminKey}");
        console.WriteLine($"Admin on {addresses[^1]}");
        console.WriteLine($"JSON on {addresses[0]}, gRPC on {addresses[setup.Grpc is null ? 0 : 1]}");
    }

    private static void WriteFirstKey(TextWriter console, string http, string firstKey)
    {
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
}
