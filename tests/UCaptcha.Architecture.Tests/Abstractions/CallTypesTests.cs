using Grpc.Core;
using UCaptcha.Architecture.Tests.RoundTrip;

namespace UCaptcha.Architecture.Tests.Abstractions;

public sealed class CallTypesTests
{
    private static readonly Method<string, string> Method =
        new(MethodType.Unary, "a.Service", "Call", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    [Fact]
    public void Method_Named_HasItsPath() => Assert.Equal("/a.Service/Call", Method.FullName);

    [Fact]
    public void Marshaller_OverArrays_ReadsWhatItWrites()
    {
        var marshaller = Marshallers.Create<string>(text => [(byte)text.Length], bytes => new string('x', bytes[0]));

        Assert.Equal("xxx", marshaller.Deserializer(marshaller.Serializer("abc")));
    }

    [Fact]
    public void Marshaller_OverContexts_HasNoArrays()
    {
        var marshaller = Marshallers.Create<string>((_, context) => context.Complete([]), _ => "");

        Assert.Throws<NotImplementedException>(() => marshaller.Serializer("a"));
        Assert.Throws<NotImplementedException>(() => marshaller.Deserializer([]));
    }

    [Fact]
    public void CallOptions_Changed_LeaveTheOriginal()
    {
        var original = new CallOptions();

        var changed = original.WithDeadline(DateTime.UnixEpoch).WithWaitForReady().WithHeaders([]);

        Assert.Null(original.Deadline);
        Assert.False(original.IsWaitForReady);
        Assert.Equal(DateTime.UnixEpoch, changed.Deadline);
        Assert.True(changed.IsWaitForReady);
        Assert.False(changed.WithWaitForReady(false).IsWaitForReady);
    }

    [Fact]
    public void Builder_GivenAMethodTwice_Throws()
    {
        var builder = ServerServiceDefinition.CreateBuilder().AddMethod(Method, (UnaryServerMethod<string, string>)((_, _) => Task.FromResult("")));

        Assert.Throws<ArgumentException>(() => builder.AddMethod(Method, (UnaryServerMethod<string, string>)((_, _) => Task.FromResult(""))));
    }

    [Fact]
    public void Definition_OfAService_BindsEachKindOfMethod()
    {
        var binder = new Binder();

        Probe.BindService(new ProbeService(new ProbeLog())).BindService(binder);

        Assert.Equal(["Unary unary", "ServerStream server", "ClientStream client", "Duplex duplex"], binder.Methods);
    }

    [Fact]
    public async Task Writer_ThatCannotCancel_RefusesATokenThatCan()
    {
        IAsyncStreamWriter<string> writer = new Writer();
        using var cancellation = new CancellationTokenSource();

        await writer.WriteAsync("a", CancellationToken.None);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await writer.WriteAsync("b", cancellation.Token));

        Assert.Equal(["a"], ((Writer)writer).Written);
    }

    [Fact]
    public void CallCredentials_ComposedOfOne_AreRefused() =>
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose(CallCredentials.FromInterceptor((_, _) => Task.CompletedTask)));

    [Fact]
    public async Task Call_MadeForAMock_AnswersWithItsParts()
    {
        var disposed = false;
        var call = new AsyncUnaryCall<string>(
            Task.FromResult("answer"), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => disposed = true);

        Assert.Equal("answer", await call);
        Assert.Equal("answer", await call.ConfigureAwait(false));
        Assert.Equal(Status.DefaultSuccess, call.GetStatus());
        call.Dispose();
        Assert.True(disposed);
    }

    private sealed class Writer : IAsyncStreamWriter<string>
    {
        public List<string> Written { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message)
        {
            Written.Add(message);
            return Task.CompletedTask;
        }
    }

    private sealed class Binder : ServiceBinderBase
    {
        public List<string> Methods { get; } = [];

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => Methods.Add($"{method.Name} unary");

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) => Methods.Add($"{method.Name} client");

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) => Methods.Add($"{method.Name} server");

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => Methods.Add($"{method.Name} duplex");
    }
}
