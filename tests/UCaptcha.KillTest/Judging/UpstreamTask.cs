using System.Text.Json;

namespace UCaptcha.KillTest.Judging;

/// <summary>A task that an emulated account took, by its own record.</summary>
/// <param name="Account">The account.</param>
/// <param name="Id">The id that it gave.</param>
/// <param name="Marker">The site key in it.</param>
/// <param name="Acknowledged">The answer with the id left completely.</param>
/// <param name="Solved">It was solved, and billed.</param>
public sealed record UpstreamTask(string Account, string Id, string Marker, bool Acknowledged, bool Solved)
{
    /// <summary>Reads the report of an account.</summary>
    public static IEnumerable<UpstreamTask> Read(string account, JsonElement report) =>
        report.GetProperty("tasks").EnumerateArray().Select(task => new UpstreamTask(
            account,
            task.GetProperty("id").GetString()!,
            task.GetProperty("body").GetProperty("websiteKey").GetString()!,
            task.GetProperty("acknowledged").GetBoolean(),
            task.GetProperty("solved").GetBoolean()));
}
