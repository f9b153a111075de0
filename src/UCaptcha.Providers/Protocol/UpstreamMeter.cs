using System.Diagnostics.Metrics;
using UCaptcha.Core;

namespace UCaptcha.Providers.Protocol;

/// <summary>Counts calls to providers, polls among them.</summary>
internal static class UpstreamMeter
{
    private static readonly Counter<long> Requests =
        Metering.Meter.CreateCounter<long>("ucaptcha.upstream.requests", description: "Calls to providers, by account, method and what came back.");

    private static readonly Histogram<double> Time = Metering.Meter.CreateHistogram(
        "ucaptcha.upstream.duration", "s", "How long providers take to answer a call.", tags: null, Metering.Quick);

    public static void Answered(string account, string path, UpstreamAnswer answer, TimeSpan time)
    {
        var method = new KeyValuePair<string, object?>("method", path.TrimStart('/'));
        Requests.Add(1, new("account", account), method, new("result", Result(answer)));
        Time.Record(time.TotalSeconds, new("account", account), method);
    }

    private static string Result(UpstreamAnswer answer) => answer switch
    {
        { Silent: UpstreamSilence.NotSent } => "not_sent",
        { Silent: UpstreamSilence.MayHaveArrived } => "no_answer",
        { Json: null } => "unreadable",
        _ => AnswerReading.IsError(answer.Json.Value) ? "error" : "ok",
    };
}
