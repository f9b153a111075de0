using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding.Http;

// Answers what no endpoint takes: 404, or 405 where the path is known, as a profile renders it; a gRPC call as gRPC has it.
internal sealed class FallbackHandler(
    RouteTable routes, IRenderingProfileSelector profiles, ErrorResponder errors, IOptions<JsonTranscodingOptions> options)
{
    public async Task InvokeAsync(HttpContext http, Func<HttpContext, MethodDescriptor, bool>? isServed)
    {
        if (GrpcRequests.IsGrpc(http.Request))
        {
            RespondToGrpc(http.Response);
            return;
        }

        var allowed = routes.AllowedMethods(http, isServed);
        var error = CallErrors.NotServed(allowed.Contains(http.Request.Method) ? [] : allowed);
        var prefix = routes.PrefixOf(http.Request.Path);
        var profile = options.Value.DefaultProfile;
        try
        {
            profile = await profiles.SelectAsync(http, prefix, null);
            http.Features.Set(new TranscodingFeature(profile, prefix, null, null));
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            error = CallErrors.Unhandled(errors.Log(http, exception), null);
        }

        await errors.RespondAsync(http, profile, error);
    }

    // A response of headers only (PROTOCOL-HTTP2.md of gRPC, Trailers-Only).
    private static void RespondToGrpc(HttpResponse response)
    {
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)StatusCode.Unimplemented).ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = "Method is unimplemented.";
    }
}
