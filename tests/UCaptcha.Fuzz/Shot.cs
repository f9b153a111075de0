using System.Net;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Fuzz;

/// <summary>One bad request: what it is made from, where it goes, and who hears of its answer.</summary>
/// <param name="Http">Sends it.</param>
/// <param name="Server">Gets it.</param>
/// <param name="Spoiler">Makes it bad.</param>
/// <param name="Number">Which one it is, to send it again alone.</param>
/// <param name="Report">Hears of the answer.</param>
internal sealed record Shot(HttpClient Http, ServerProcess Server, Spoiler Spoiler, int Number, FuzzReport Report)
{
    private const int MostShown = 300;

    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(20);

    /// <summary>Reports what must not be.</summary>
    public void Check(bool wrong, string path, string what, string body)
    {
        if (wrong)
            Report.Violations.Enqueue($"request {Number}: {path} {what}: {body[..Math.Min(body.Length, MostShown)]}");
    }

    /// <summary>The answer, what came of it within the bound, or null when there was none.</summary>
    public async Task<Answer?> AskAsync(HttpRequestMessage request, TimeSpan longest)
    {
        using var timeUp = new CancellationTokenSource(longest, TimeProvider.System);
        try
        {
            using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeUp.Token);
            var body = new MemoryStream();
            try
            {
                await response.Content.CopyToAsync(body, timeUp.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or InvalidOperationException)
            {
                // A stream that goes on, or a body cut by a refusal of the request's.
            }

            return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", body.ToArray()) { Headers = response.Headers };
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (HttpRequestException)
        {
            // The server answered 413 and closed while the body was still coming, or the request could not be sent.
            return Answer.Unsent;
        }
    }

    /// <summary>Counts an answer under a heading.</summary>
    public void Count(string heading, Answer? answer) =>
        Report.Count(heading, answer?.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "cut");
}
