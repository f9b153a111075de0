using Grpc.Core;

namespace UCaptcha.Architecture.Tests.Abstractions;

public sealed class StatusTests
{
    private static readonly InvalidOperationException Cause = new("broken");

    [Fact]
    public void Status_WithACause_NamesItInItsText() => Assert.Equal(
        "Status(StatusCode=\"Internal\", Detail=\"oops\", DebugException=\"System.InvalidOperationException: broken\")",
        new Status(StatusCode.Internal, "oops", Cause).ToString());

    [Fact]
    public void Status_OfSuccess_IsOkWithoutDetail() => Assert.Equal(new Status(StatusCode.OK, ""), Status.DefaultSuccess);

    [Fact]
    public void RpcException_OfAStatus_HasItsTextItsCauseAndNoTrailers()
    {
        var error = new RpcException(new Status(StatusCode.Internal, "oops", Cause));

        Assert.Equal(error.Status.ToString(), error.Message);
        Assert.Same(Cause, error.InnerException);
        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Empty(error.Trailers);
    }

    [Fact]
    public void RpcException_WithAMessage_KeepsIt()
    {
        var trailers = new Metadata { { "key", "value" } };

        Assert.Equal("mine", new RpcException(Status.DefaultCancelled, "mine").Message);
        Assert.Equal("mine", new RpcException(Status.DefaultCancelled, trailers, "mine").Message);
        Assert.Same(trailers, new RpcException(Status.DefaultCancelled, trailers).Trailers);
        Assert.Throws<ArgumentNullException>(() => new RpcException(Status.DefaultCancelled, (Metadata)null!));
    }
}
