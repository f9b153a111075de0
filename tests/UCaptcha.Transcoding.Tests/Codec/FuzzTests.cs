using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using UCaptcha.Transcoding.Binding;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Codec;

// Hostile input, the same in every run: whatever it is, it is read or refused by the codec's own exception, and what is read can be written and read
// again.
public sealed class FuzzTests
{
    private const int Cases = 8_000;

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-", "0", "1e400", "1e-400",
        "9223372036854775808", "123456789012345678901", "\\ud800", "\\u0000", "\"NaN\"", "//", "/*",
        "\"a\":1,", "{\"a\":", "[[[[[[[[", "\u00ff", "\"2026-01-01T00:00:00Z\"",
        "\"9999999999999999999s\"", "0.1", "\"=\"", "\"AA==\"", "\"type\":", "\"TYPE\":", ".", "E5",
    ];

    [Fact]
    public void Read_OfMutatedMessages_NeverThrowsAnythingElse()
    {
        var random = new Random(1);
        var read = 0;
        for (var index = 0; index < Cases; index++)
        {
            var messages = new RandomMessages(index);
            var isRead = index % 2 == 0
                ? ReadAndWrite<Kinds>(Mutate(Codecs.Default.ToUtf8Bytes(messages.Next<Kinds>()), random), index)
                : ReadAndWrite<CreateJobRequest>(Mutate(Codecs.Default.ToUtf8Bytes(messages.Next<CreateJobRequest>()), random), index);
            read += isRead ? 1 : 0;
        }

        // Mutants of both sorts, or the test would say little.
        Assert.InRange(read, Cases / 20, Cases * 19 / 20);
    }

    [Fact]
    public void Read_OfRandomBytes_NeverThrowsAnythingElse()
    {
        var random = new Random(2);
        for (var index = 0; index < Cases; index++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            ReadAndWrite<Kinds>(bytes, index);
        }
    }

    [Fact]
    public void Read_OfRandomTokens_NeverThrowsAnythingElse()
    {
        var random = new Random(3);
        var names = Kinds.Descriptor.Fields.InDeclarationOrder().Select(field => $"\"{field.JsonName}\":").ToArray();
        for (var index = 0; index < Cases; index++)
        {
            var members = Enumerable.Range(0, random.Next(6)).Select(_ => Pick(names, random) + Pick(Tokens, random) + Pick(["", ","], random));
            ReadAndWrite<Kinds>(System.Text.Encoding.UTF8.GetBytes("{" + string.Concat(members) + "}"), index);
        }
    }

    [Fact]
    public void Bind_OfRandomQueries_NeverThrowsAnythingElse()
    {
        var random = new Random(4);
        QueryBinder[] binders = [.. new[] { false, true }.Select(isStrict => new QueryBinder(Codecs.Default, Kinds.Descriptor, static _ => false, isStrict))];
        var names = Kinds.Descriptor.Fields.InDeclarationOrder()
            .SelectMany(field => new[] { field.JsonName, field.Name, "child." + field.Name, "chosenKinds.child." + field.JsonName })
            .ToArray();
        for (var index = 0; index < Cases; index++)
        {
            var parameters = Enumerable.Range(0, random.Next(4)).Select(_ => $"{Pick(names, random)}={Pick(Tokens, random)}{random.Next(3)}");
            var query = "?" + string.Join('&', parameters);
            try
            {
                binders[index % 2].Bind(new QueryString(query), new Kinds());
            }
            catch (JsonContractException)
            {
            }
        }
    }

    // Whether it is read.
    private static bool ReadAndWrite<T>(byte[] json, int index) where T : class, IMessage<T>, new()
    {
        T read;
        JsonContractException? misfit;
        try
        {
            read = (T)Codecs.Default.ReadWhatFits(json, new T().Descriptor, isStrict: false, out misfit);
        }
        catch (JsonContractException exception)
        {
            Assert.NotEmpty(exception.Message);
            return false;
        }

        var again = Codecs.Default.Read<T>(Codecs.Default.ToUtf8Bytes(read));
        Assert.True(again.Equals(read), $"Case {index} reads back otherwise: {Convert.ToBase64String(json)}");
        return misfit is null;
    }

    private static byte[] Mutate(byte[] json, Random random)
    {
        var bytes = json.ToList();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(Math.Min(20, bytes.Count - at) + 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count + 1)).Take(random.Next(40)).ToList());
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(Pick(Tokens, random)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static string Pick(string[] choices, Random random) => choices[random.Next(choices.Length)];
}
