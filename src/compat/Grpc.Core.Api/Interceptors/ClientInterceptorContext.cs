namespace Grpc.Core.Interceptors;

/// <summary>The call that a client interceptor sees, and hands on as it is or changed.</summary>
public struct ClientInterceptorContext<TRequest, TResponse> where TRequest : class where TResponse : class
{
    /// <summary>A call of that method.</summary>
    public ClientInterceptorContext(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        Method = method;
        Host = host;
        Options = options;
    }

    /// <summary>The method.</summary>
    public Method<TRequest, TResponse> Method { get; }

    /// <summary>The host that the call names, or null for the channel's.</summary>
    public string? Host { get; }

    /// <summary>The options.</summary>
    public CallOptions Options { get; }
}
