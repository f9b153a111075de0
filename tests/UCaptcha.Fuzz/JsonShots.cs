namespace UCaptcha.Fuzz;

/// <summary>Bad requests to the paths of the server, over HTTP/1.1, and what their answers must look like.</summary>
internal static class JsonShots
{
    private static readonly TimeSpan LongestStream = TimeSpan.FromMilliseconds(200);

    /// <summary>To the surface that clients see.</summary>
    public static Task ToClientsAsync(Shot shot) => SendAsync(shot, shot.Spoiler.Pick(Targets.All), shot.Server.Http);

    /// <summary>To the admin port.</summary>
    public static Task ToAdminsAsync(Shot shot) => SendAsync(shot with { Spoiler = shot.Spoiler.WithoutSecrets() }, shot.Spoiler.Pick(AdminTargets.All), shot.Server.Admin);

    private static async Task SendAsync(Shot shot, Target target, string address)
    {
        using var request = new RequestMaker(shot.Spoiler).Make(target, address);
        var spoiltPath = request.RequestUri!.AbsolutePath != target.Path || request.Method.Method != target.Method;
        var answer = await shot.AskAsync(request, target.Waits ? LongestStream : Shot.LongestAnswer);
        shot.Count(target.Path, answer);
        if (answer is null)
            shot.Check(!target.Waits, target.Path, "got no answer", "");
        else if (answer != Answer.Unsent && !IsOfAnotherSurface(answer))
            CheckAnswer(shot, target, request.Method.Method == "HEAD", spoiltPath, answer);
    }

    private static void CheckAnswer(Shot shot, Target asked, bool head, bool spoilt, Answer answer)
    {
        var shape = spoilt ? Shapes.Any : asked.Shape;
        shot.Check(answer.Status >= 500 && !IsMeant(asked, answer), asked.Path, "answered 5xx", answer.Body);
        shot.Check(!spoilt && !shape.Statuses.Contains(answer.Status), asked.Path, $"answered {answer.Status}", answer.Body);
        shot.Check(!head && !shape.Fits(answer), asked.Path, $"answered {answer.Status} in another shape", answer.Body);
        // An echo shows what it was sent, the key's own member left out.
        shot.Check(Canaries.In(answer.Body) is not null && !asked.Path.EndsWith("/test", StringComparison.Ordinal), asked.Path, "answers a secret", answer.Body);
    }

    /// <summary>DeathByCaptcha documents 503 for the report of a captcha that is not the caller's; no account could serve what names another provider.</summary>
    private static bool IsMeant(Target target, Answer answer) => answer.Status == 503
        && (target.Path.EndsWith("/report", StringComparison.Ordinal) || answer.Body.Contains("NO_PROVIDERS_AVAILABLE", StringComparison.Ordinal));

    /// <summary>HTTP that cannot be read is refused before it comes to any surface, without a body; gRPC-Web answers in frames of its own.</summary>
    private static bool IsOfAnotherSurface(Answer answer) =>
        answer is { Status: 400 or 408 or 411 or 414 or 431 or 505, Body: "", Type: "" }
        || (answer.Status == 200 && answer.Type.StartsWith("application/grpc-web", StringComparison.Ordinal));
}
