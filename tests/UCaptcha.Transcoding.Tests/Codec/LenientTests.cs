using System.Runtime.ExceptionServices;
using System.Text;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Codec;

// What does not fit is passed over so that the caller's key is found, at a price that the caller does not set.
public sealed class LenientTests
{
    private const int Many = 10_000;

    [Fact]
    public void ReadWhatFits_OfManyOpenMembersThatDoNotFit_ThrowsOnce()
    {
        var body = $$"""{"task":{ {{string.Join(',', Enumerable.Range(0, Many).Select(index => $"\"a{index}\":1e999"))}} },"clientKey":"k"}""";

        var (request, misfit, thrown) = Read<CreateJobRequest>(body);

        Assert.Equal(("k", "task.a0", 1), (request!.ClientKey, misfit!.Path, thrown));
    }

    [Fact]
    public void ReadWhatFits_OfOneOpenMemberManyTimes_IsADuplicate()
    {
        var body = $$"""{"task":{ {{string.Join(',', Enumerable.Repeat("\"a\":1e999", Many))}} },"clientKey":"k"}""";

        var (_, misfit, thrown) = Read<CreateJobRequest>(body);

        Assert.Equal((JsonContractErrorKind.Duplicate, 2), (misfit!.Kind, thrown));
    }

    [Fact]
    public void ReadWhatFits_OfAListOfManyMessagesThatDoNotFit_GivesUpSoon()
    {
        var children = string.Join(',', Enumerable.Repeat("""{"int32Value":"x"}""", Many));
        var body = $$"""{"task":{"plain":{"children":[{{children}}] } },"clientKey":"k"}""";

        var (_, misfit, thrown) = Read<CreateJobRequest>(body);

        Assert.StartsWith("task.plain.children[", misfit!.Path, StringComparison.Ordinal);
        Assert.InRange(thrown, 2, 100);
    }

    [Fact]
    public void ReadWhatFits_OfEveryFieldOfAMessageThatDoesNotFit_FindsTheKey()
    {
        var (request, misfit, _) = Read<CreateJobRequest>("""{"task":{"type":1,"websiteURL":2,"proxyPort":"x","minScore":"x","odd":1e999},"softId":"x","clientKey":"k"}""");

        Assert.Equal(("k", "task.type"), (request!.ClientKey, misfit!.Path));
    }

    private static (T? Message, JsonContractException? Misfit, int Thrown) Read<T>(string json)
        where T : class, Google.Protobuf.IMessage<T>, new()
    {
        var thread = Environment.CurrentManagedThreadId;
        var thrown = 0;
        void Count(object? sender, FirstChanceExceptionEventArgs thrownNow) => thrown += Environment.CurrentManagedThreadId == thread ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            return ((T)Codecs.Default.ReadWhatFits(Encoding.UTF8.GetBytes(json), new T().Descriptor, isStrict: false, out var misfit), misfit, thrown);
        }
        catch (JsonContractException exception)
        {
            return (null, exception, thrown);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }
    }
}
