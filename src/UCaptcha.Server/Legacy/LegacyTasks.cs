using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Callbacks;
using UCaptcha.Server.Services;

namespace UCaptcha.Server.Legacy;

/// <summary>Hands tasks of the older APIs to the engine, and its refusals back in their callers' words.</summary>
internal sealed class LegacyTasks(TaskEngine engine, CallbackUrlCheck callbackUrls)
{
    /// <exception cref="RefusedException">The task, the key's settings or its budget do not allow it; nothing was stored.</exception>
    public async Task<TaskView> CreateAsync(HttpContext http, ApiKey key, string dialect, TaskWords words, Parameters parameters, string? pingback = null)
    {
        if (pingback is not null && callbackUrls.Check(pingback) is { } problem)
            throw new RefusedException(ErrorCodes.BadParameters, problem.Replace("callbackUrl", "pingback", StringComparison.Ordinal), "pingback");
        var requestId = (string?)http.Request.Headers[NewTaskReader.IdempotencyHeader];
        try
        {
            return await engine.CreateAsync(
                new NewTask(key, words.Write(parameters), dialect)
                {
                    CallbackUrl = pingback,
                    RequestId = string.IsNullOrEmpty(requestId) ? null : requestId,
                },
                http.RequestAborted);
        }
        catch (RefusedException refusal)
        {
            throw words.InTheirWords(refusal);
        }
    }
}
