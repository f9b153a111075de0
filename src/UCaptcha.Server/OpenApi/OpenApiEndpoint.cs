using Microsoft.OpenApi;

namespace UCaptcha.Server.OpenApi;

/// <summary>Serves the description of the JSON surface.</summary>
internal static class OpenApiEndpoint
{
    private const string Path = "/openapi.json";

    /// <summary>Serves it as OpenAPI 3.1. It is made when it is first asked for.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder endpoints)
    {
        var json = new Lazy<string>(() => Write(ApiDescription.Of(endpoints.GetTranscodedRoutes(), new ContractComments())));
        endpoints.MapGet(Path, () => Results.Text(json.Value, "application/json"));
    }

    private static string Write(OpenApiDocument document)
    {
        using var text = new StringWriter();
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        return text.ToString();
    }
}
