using System.Buffers;
using System.Text;
using System.Text.Json;

namespace UCaptcha.Core.Routing;

/// <summary>Why a task went to an account: kept with the attempt.</summary>
/// <param name="Policy">The policy that ranked.</param>
/// <param name="SpeedWeight">0 (cheapest) to 100 (fastest).</param>
/// <param name="Ranking">The accounts that could have it, best first.</param>
/// <param name="Excluded">The accounts that serve such tasks and could not have it, with the reason.</param>
/// <param name="Chosen">The account that got it: the best one that had room.</param>
public sealed record RoutingDecision(
    string Policy, int SpeedWeight, IReadOnlyList<RankedCandidate> Ranking, IReadOnlyList<ExcludedAccount> Excluded, string Chosen)
{
    /// <summary>The decision as compact JSON.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("chosen", Chosen);
            writer.WriteString("policy", Policy);
            writer.WriteNumber("speedWeight", SpeedWeight);
            writer.WriteStartArray("ranking");
            foreach (var ranked in Ranking)
                Write(writer, ranked);
            writer.WriteEndArray();
            writer.WriteStartArray("excluded");
            foreach (var excluded in Excluded)
            {
                writer.WriteStartObject();
                writer.WriteString("account", excluded.Account);
                writer.WriteString("reason", excluded.Reason);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, RankedCandidate ranked)
    {
        var estimate = ranked.Candidate.Estimate;
        writer.WriteStartObject();
        writer.WriteString("account", ranked.Candidate.Account);
        writer.WriteNumber("score", Math.Round(ranked.Score, 6));
        writer.WriteBoolean("dominated", ranked.Dominated);
        writer.WriteNumber("cost", estimate.Cost.ToDollars());
        writer.WriteNumber("solveTimeMs", Math.Round(estimate.SolveTime.TotalMilliseconds));
        writer.WriteNumber("successRate", Math.Round(estimate.SuccessRate, 4));
        writer.WriteNumber("samples", estimate.Samples);
        writer.WriteString("reason", ranked.Reason);
        writer.WriteEndObject();
    }
}

/// <summary>An account that could not have a task.</summary>
/// <param name="Account">Its slug.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record ExcludedAccount(string Account, string Reason);
