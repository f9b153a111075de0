using System.Globalization;
using System.Text.RegularExpressions;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Load;

/// <summary>How many tasks a server has ended since its start, by its own metrics.</summary>
/// <param name="Ready">With a solution.</param>
/// <param name="Failed">Without one.</param>
internal readonly partial record struct EndedTasks(long Ready, long Failed)
{
    /// <param name="server">One whose metrics are open.</param>
    public static async Task<EndedTasks> OfAsync(ServerProcess server)
    {
        using var http = new HttpClient();
        var counts = Line().Matches(await http.GetStringAsync(server.Admin + "/metrics"));
        return new EndedTasks(Sum("ready"), Sum("failed"));

        long Sum(string outcome) => counts.Where(count => count.Groups[1].Value == outcome).Sum(count => long.Parse(count.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    public static EndedTasks operator -(EndedTasks after, EndedTasks before) => new(after.Ready - before.Ready, after.Failed - before.Failed);

    [GeneratedRegex("""^ucaptcha_tasks_ended_total\{.*outcome="(\w+)"\} (\d+)""", RegexOptions.Multiline)]
    private static partial Regex Line();
}
