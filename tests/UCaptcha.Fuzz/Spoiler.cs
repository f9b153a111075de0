using System.Text;
using System.Text.Json.Nodes;

namespace UCaptcha.Fuzz;

/// <summary>Spoils good requests, from a random number generator of their own.</summary>
internal sealed class Spoiler(Random random)
{
    private static readonly string[] OddTexts =
    [
        "", " ", "\0", "null", "true", "-1", "1e400", "9223372036854775808", "0x10", "../../etc/passwd", "' OR 1=1 --", "{{7*7}}", "%00", "\u202e", "😀",
        "http://127.0.0.1/", "ftp://x", "//", "https://[::1", "[object Object]", "undefined", "NaN", "\r\nX-Injected: 1", "a=b&c=d", "<script>",
    ];

    private static readonly string[] OddJson =
    [
        "null", "true", "false", "0", "-0", "1e309", "-1e309", "0.1e-400", "99999999999999999999999999", "9007199254740993", "[]", "{}", "[[[]]]", "\"\\ud800\"", "\"\\u0000\"",
        "{\"a\":{\"b\":{\"c\":1}}}", "[1,\"2\",null]", "2147483648", "-5",
    ];

    /// <summary>Whether a wrong key comes up among the texts; not where they are names, which are shown and logged.</summary>
    public bool PlantsSecrets { get; init; } = true;

    /// <summary>The same generator, planting none.</summary>
    public Spoiler WithoutSecrets() => new(random) { PlantsSecrets = false };

    /// <summary>One of these.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Chance(int percent) => random.Next(100) < percent;

    /// <summary>A text that nobody expects.</summary>
    public string OddText() => PlantsSecrets && Chance(4) ? Canaries.WrongKey : PlainText();

    /// <summary>The same without a secret.</summary>
    public string PlainText() => Chance(15) ? new string((char)random.Next(32, 0x2000), random.Next(1, 3000)) : Pick(OddTexts);

    /// <summary>JSON with some of its members, or its text, spoilt.</summary>
    public byte[] Json(JsonObject example)
    {
        var members = example.DeepClone().AsObject();
        for (var i = random.Next(4); i > 0; i--)
            SpoilMember(members);
        var text = members.ToJsonString();
        text = random.Next(12) switch
        {
            0 => text[..random.Next(text.Length)],
            1 => text + Pick(OddJson),
            2 => text.Replace(":", Chance(50) ? ":[" : "::", StringComparison.Ordinal),
            3 => new string('[', random.Next(1, 20_000)) + text,
            4 => $$"""{"task":{{Nested(random.Next(1, 3000))}},"clientKey":"{{Canaries.Key}}"}""",
            5 => "{" + string.Concat(Enumerable.Repeat(text[1..^1] + ",", 2)).TrimEnd(',') + "}",
            6 => Pick(OddJson),
            7 when members.Count > 0 => text.Replace("\"" + Pick(members.Select(member => member.Key).ToList()) + "\"", "\"" + Escaped() + "\"", StringComparison.Ordinal),
            _ => text,
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        return Chance(15) ? SpoilBytes(bytes) : bytes;
    }

    /// <summary>A urlencoded form or query with some of its fields spoilt.</summary>
    public string Form(JsonObject example)
    {
        var fields = example.Select(member => (member.Key, Value: member.Value?.ToString() ?? "")).ToList();
        for (var i = random.Next(4); i > 0 && fields.Count > 0; i--)
        {
            var at = random.Next(fields.Count);
            switch (random.Next(4))
            {
                case 0:
                    fields.RemoveAt(at);
                    break;
                case 1:
                    fields.Add((fields[at].Key, OddText()));
                    break;
                default:
                    fields[at] = (fields[at].Key, OddText());
                    break;
            }
        }

        var text = string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));
        return random.Next(12) switch
        {
            0 => text + "&%",
            1 => text + "&%zz=%c3%28&=&&&",
            2 => text + string.Concat(Enumerable.Range(0, 400).Select(i => $"&x{i}={i}")),
            3 => text[..random.Next(text.Length + 1)],
            4 => text + "&" + new string('n', 3000) + "=1",
            _ => text,
        };
    }

    /// <summary>Bytes changed, put in or taken out.</summary>
    public byte[] SpoilBytes(byte[] bytes)
    {
        var spoilt = bytes.ToList();
        for (var i = random.Next(1, 6); i > 0 && spoilt.Count > 0; i--)
        {
            var at = random.Next(spoilt.Count);
            switch (random.Next(3))
            {
                case 0:
                    spoilt[at] = (byte)random.Next(256);
                    break;
                case 1:
                    spoilt.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    spoilt.RemoveAt(at);
                    break;
            }
        }

        return [.. spoilt];
    }

    /// <summary>Bytes of no meaning.</summary>
    public byte[] Noise(int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private void SpoilMember(JsonObject members)
    {
        if (members.Count == 0)
            return;
        var name = Pick(members.Select(member => member.Key).ToList());
        if (members[name] is JsonObject inner && Chance(60))
        {
            SpoilMember(inner);
            return;
        }

        switch (random.Next(5))
        {
            case 0:
                members.Remove(name);
                break;
            case 1:
                members[name] = OddText();
                break;
            case 2:
                members[name] = JsonNode.Parse(Pick(OddJson.Where(json => !json.Contains("\\ud800", StringComparison.Ordinal)).ToList()));
                break;
            case 3:
                members[name + "\u00e9"] = OddText();
                break;
            default:
                members[name] = new string('x', random.Next(1, 20_000));
                break;
        }
    }

    private string Escaped() => Pick(new[] { "\\ud800", "\\u0000", "", " ", "__proto__", "\\\"" });

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
}
