using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Codec;
using UCaptcha.V1;

namespace UCaptcha.Server.Services;

/// <summary>Tasks, solutions and decisions between the contract's messages and the JSON that the domain keeps.</summary>
/// <param name="codec">Without the limits of requests: what is kept is read however large it is.</param>
internal sealed class ContractJson(ProtoJsonCodec codec)
{
    /// <summary>The extra member that holds the whole text of a solution that no message can hold: nested too deep, or with a name twice.</summary>
    public const string WholeText = "solutionJson";

    /// <summary>2^53: above it neighbouring integers share a double.</summary>
    private const double LargestExactInteger = 9_007_199_254_740_992;

    /// <summary>The task object as clients write it, extra members included.</summary>
    public ReadOnlyMemory<byte> WriteTask(CaptchaTask task) => codec.ToUtf8Bytes(task);

    /// <summary>Why the routing chose as it did.</summary>
    public RoutingDecision ReadDecision(string json) => codec.Read<RoutingDecision>(Encoding.UTF8.GetBytes(json));

    /// <summary>A solution as a provider returned it. What the contract cannot hold as it is stays all the same: a paid solution is never refused.</summary>
    public Solution ReadSolution(ReadOnlyMemory<byte> json)
    {
        try
        {
            return codec.Read<Solution>(json.Span);
        }
        catch (JsonContractException)
        {
            return ReadOddSolution(json) ?? new Solution { Extra = new Struct { Fields = { [WholeText] = Value.ForString(Encoding.UTF8.GetString(json.Span)) } } };
        }
    }

    /// <summary>Keeps every member among the extra ones, whatever its type, and integers that a double cannot hold as strings. Null when they cannot be kept.</summary>
    private Solution? ReadOddSolution(ReadOnlyMemory<byte> json)
    {
        try
        {
            var members = JsonNode.Parse(json.Span)!.AsObject();
            Tame(members);
            return new Solution { Extra = codec.Read<Struct>(JsonSerializer.SerializeToUtf8Bytes(members)) };
        }
        catch (Exception exception) when (exception is JsonException or JsonContractException or ArgumentException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void Tame(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToArray())
                    Replace(value, text => members[name] = text);
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    var at = i;
                    Replace(items[at], text => items[at] = text);
                }

                break;
        }
    }

    private static void Replace(JsonNode? value, Action<string> replace)
    {
        if (value is JsonValue number && number.GetValueKind() == JsonValueKind.Number)
        {
            if (Math.Abs(number.GetValue<double>()) >= LargestExactInteger)
                replace(number.ToJsonString());
        }
        else if (value is not null)
            Tame(value);
    }
}
