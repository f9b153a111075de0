using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using UCaptcha.Transcoding;
using UCaptcha.Transcoding.Http;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Endpoints of JSON transcoding beside those of the services.</summary>
public static class JsonTranscodingEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Answers every request that no other endpoint takes, also with a wrong HTTP method, as a rendering profile has it; gRPC calls to unknown
    /// methods are answered as gRPC has it.
    /// </summary>
    /// <param name="endpoints">Where endpoints are mapped.</param>
    /// <param name="isServed">
    /// Whether a method is there for a request, where some services are mapped for some hosts or ports only; null when all are there for all.
    /// A method that is not is answered as an unknown path.
    /// </param>
    public static IEndpointConventionBuilder MapTranscodingFallback(
        this IEndpointRouteBuilder endpoints, Func<HttpContext, MethodDescriptor, bool>? isServed = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var handler = endpoints.ServiceProvider.GetRequiredService<FallbackHandler>();
        return endpoints.MapFallback("{**path}", context => handler.InvokeAsync(context, isServed));
    }

    /// <summary>Every path that is served, without those under a prefix. Complete once the server has started.</summary>
    public static IReadOnlyList<ServedRoute> GetTranscodedRoutes(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.ServiceProvider.GetRequiredService<RouteTable>().Served;
    }
}
