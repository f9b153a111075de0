using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace UCaptcha.Transcoding.Http;

// Routing ignores case; the paths of gRPC and of google.api.http do not. Among the endpoints that routing found this keeps those whose path is meant,
// and tells a gRPC call from a JSON call to the same path by its content type. JSON to a method without a rule is a call to an unknown path.
internal sealed class OrdinalPathPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // After the policies that choose by HTTP method and host.
    public override int Order => 1000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => RouteOf(endpoint) is not null || GrpcOf(endpoint) is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var path = httpContext.Request.Path.Value ?? "";
        var found = KeepTemplates(candidates, path, GrpcRequests.IsGrpc(httpContext.Request));
        var isForGrpc = !found && GrpcRequests.IsForGrpc(httpContext.Request);
        for (var index = 0; index < candidates.Count; index++)
        {
            if (candidates.IsValidCandidate(index) && GrpcOf(candidates[index].Endpoint) is { } grpc && !(isForGrpc && path == grpc.Method.FullName))
                candidates.SetValidity(index, false);
        }

        return Task.CompletedTask;
    }

    // Keeps the templates that match, and of two that differ only in a verb the one that has it. Whether any is left.
    private static bool KeepTemplates(CandidateSet candidates, string path, bool isGrpc)
    {
        var best = -1;
        for (var index = 0; index < candidates.Count; index++)
        {
            if (!candidates.IsValidCandidate(index) || RouteOf(candidates[index].Endpoint) is not { } route)
                continue;

            if (isGrpc || !route.Template.IsMatch(path))
            {
                candidates.SetValidity(index, false);
                continue;
            }

            if (best >= 0 && candidates[best].Score == candidates[index].Score && HasVerb(candidates, best) != HasVerb(candidates, index))
            {
                var loser = HasVerb(candidates, index) ? best : index;
                candidates.SetValidity(loser, false);
                best = loser == best ? index : best;
            }

            best = best < 0 ? index : best;
        }

        return best >= 0;
    }

    private static bool HasVerb(CandidateSet candidates, int index) => RouteOf(candidates[index].Endpoint)?.Template.Verb is not null;

    private static TranscodingRoute? RouteOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<TranscodingRoute>();

    // The endpoints of transcoding have this metadata too.
    private static GrpcMethodMetadata? GrpcOf(Endpoint endpoint) =>
        RouteOf(endpoint) is null ? endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() : null;
}
