namespace UCaptcha.Server.OpenApi;

/// <summary>The examples in the description of the API. The sandbox answers all of them.</summary>
internal static class DocumentedExamples
{
    /// <summary>Stands for the caller's key.</summary>
    public const string Key = "ucap_YOUR_KEY";

    /// <summary>Stands for a task that is under way.</summary>
    public const string UnfinishedTask = "019aa6f0-3c52-7d1e-9b64-2f8e5a7c1d01";

    /// <summary>Stands for a task that is solved.</summary>
    public const string ReadyTask = "019aa6f0-3c52-7d1e-9b64-2f8e5a7c1d02";

    /// <summary>Stands for a task that was given up.</summary>
    public const string FailedTask = "019aa6f0-3c52-7d1e-9b64-2f8e5a7c1d03";

    private const string Task =
        """{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://www.google.com/recaptcha/api2/demo","websiteKey":"6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"}""";

    private const string Solved =
        """
        "status":"ready","solution":{"gRecaptchaResponse":"03AGdBq24PBC...","token":"03AGdBq24PBC..."},"cost":0,"solveTime":1003
        """;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DocumentedExample> All { get; } =
    [
        new("CreateTask", "accepted", "The task is stored and under way.",
            $$"""{"clientKey":"{{Key}}","task":{{Task}}}""", 200,
            $$"""{"errorId":0,"taskId":"{{UnfinishedTask}}","status":"processing"}"""),
        new("CreateTask", "ready", "The same requestId again, once the task is solved.",
            $$"""{"clientKey":"{{Key}}","requestId":"order-4711","task":{{Task}}}""", 200,
            $$"""{"errorId":0,"taskId":"{{ReadyTask}}",{{Solved}}}"""),
        new("CreateTask", "unknownKey", "The key is not known.",
            $$"""{"clientKey":"ucap_NO_SUCH_KEY","task":{{Task}}}""", 401,
            Refusal("ERROR_KEY_DOES_NOT_EXIST", "The API key you provided does not exist in our system.")),
        new("CreateTask", "missingSiteKey", "A member that the type needs is missing.",
            $$"""{"clientKey":"{{Key}}","task":{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.com"} }""", 400,
            Refusal("ERROR_SITEKEY", "task.websiteKey is missing.")),
        new("CreateTask", "noAccount", "No account serves such tasks; the sandbox takes the published test keys alone.",
            $$"""{"clientKey":"{{Key}}","task":{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.com","websiteKey":"a-real-site-key"} }""", 503,
            Refusal("NO_PROVIDERS_AVAILABLE", "No account serves RecaptchaV2: only the sandbox is configured, which answers the vendors' published test keys. Add a provider account.")),
        new("GetTaskResult", "processing", "The task is under way.",
            $$"""{"clientKey":"{{Key}}","taskId":"{{UnfinishedTask}}"}""", 200,
            """{"errorId":0,"status":"processing"}"""),
        new("GetTaskResult", "ready", "The task is solved.",
            $$"""{"clientKey":"{{Key}}","taskId":"{{ReadyTask}}"}""", 200,
            $$"""{"errorId":0,"taskId":"{{ReadyTask}}",{{Solved}}}"""),
        new("GetTaskResult", "failed", "The task was given up.",
            $$"""{"clientKey":"{{Key}}","taskId":"{{FailedTask}}"}""", 200,
            """{"errorId":0,"status":"failed","errorCode":"ERROR_CAPTCHA_UNSOLVABLE","errorDescription":"Provider could not solve the captcha"}"""),
        new("GetTaskResult", "unknownTask", "There is no such task.",
            $$"""{"clientKey":"{{Key}}","taskId":"550e8400-e29b-41d4-a716-446655440000"}""", 404,
            Refusal("ERROR_WRONG_CAPTCHA_ID", "No task of this key has this taskId, or its result has expired.")),
        new("GetBalance", "balance", "What the key can still spend, in USD.",
            $$"""{"clientKey":"{{Key}}"}""", 200,
            """{"errorId":0,"balance":1000}"""),
        new("FeedbackTask", "refused", "The site refused the solution.",
            $$"""{"clientKey":"{{Key}}","taskId":"{{ReadyTask}}","result":{"invalid":true,"code":"token_invalid","message":"The site said: invalid-input-response."} }""", 200,
            """{"errorId":0,"message":"Feedback recorded"}"""),
        new("FeedbackTask", "unknownTask", "There is no such task.",
            $$"""{"clientKey":"{{Key}}","taskId":"550e8400-e29b-41d4-a716-446655440000","result":{"invalid":false} }""", 404,
            Refusal("ERROR_WRONG_CAPTCHA_ID", "No task of this key has this taskId, or its result has expired.")),
        new("SolveTask", "ready", "The task is solved within the wait.",
            $$"""{"clientKey":"{{Key}}","task":{{Task}},"waitMs":60000}""", 200,
            $$"""{"errorId":0,"taskId":"{{ReadyTask}}",{{Solved}}}"""),
        new("SolveTask", "processing", "The wait is over first; the task goes on.",
            $$"""{"clientKey":"{{Key}}","task":{{Task}},"waitMs":1}""", 200,
            $$"""{"errorId":0,"taskId":"{{UnfinishedTask}}","status":"processing"}"""),
        new("ReportIncorrect", "reported", "The report is stored.",
            $$"""{"clientKey":"{{Key}}","taskId":"{{ReadyTask}}"}""", 200,
            """{"errorId":0,"status":"success"}"""),
        new("ReportCorrect", "reported", "The report is stored.",
            $$"""{"clientKey":"{{Key}}","taskId":"{{ReadyTask}}"}""", 200,
            """{"errorId":0,"status":"success"}"""),
        new("Test", "mirrored", "The request as it was read.",
            $$"""{"clientKey":"{{Key}}","task":{{Task}}}""", 200,
            $$"""{"errorId":0,"request":{"task":{{Task}} } }"""),
        new("WatchTask", "processing", "A message while the task is under way.",
            $$"""{"clientKey":"{{Key}}","taskId":"{{UnfinishedTask}}"}""", 200,
            $$"""{"errorId":0,"taskId":"{{UnfinishedTask}}","status":"processing","attempt":1}"""),
        new("WatchTask", "ready", "The last message.",
            $$"""{"clientKey":"{{Key}}","taskId":"{{ReadyTask}}"}""", 200,
            $$"""{"errorId":0,"taskId":"{{ReadyTask}}",{{Solved}},"attempt":1}"""),
        new("WatchTasks", "ready", "A task is solved.",
            $$"""{"clientKey":"{{Key}}","cursor":"0"}""", 200,
            $$"""{"errorId":0,"taskId":"{{ReadyTask}}",{{Solved}},"cursor":"12"}"""),
        new("WatchTasks", "heartbeat", "Nothing has ended for a while.",
            $$"""{"clientKey":"{{Key}}"}""", 200,
            """{"errorId":0,"cursor":"12"}"""),
    ];

    private static string Refusal(string code, string sentence) => $$"""{"errorId":1,"errorCode":"{{code}}","errorDescription":"{{sentence}}"}""";
}
