namespace Grpc.Core;

// What the four kinds of call share: headers, status, trailers, and how the call is given up.
internal readonly struct CallState(
    Func<object?, Task<Metadata>> headers, Func<object?, Status> status, Func<object?, Metadata> trailers, Action<object?> dispose, object? state)
{
    internal Task<Metadata> ResponseHeadersAsync() => headers(state);

    internal Status GetStatus() => status(state);

    internal Metadata GetTrailers() => trailers(state);

    internal void Dispose() => dispose(state);

    internal static CallState Of(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, Action dispose) =>
        new(_ => headers, _ => status(), _ => trailers(), _ => dispose(), null);
}
