using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using UCaptcha.Server.Keys;
using UCaptcha.Transcoding;
using UCaptcha.V1;

namespace UCaptcha.Server.OpenApi;

/// <summary>The JSON surface in the words of OpenAPI, made of the contract.</summary>
internal static class ApiDescription
{
    /// <summary>The security scheme for the key in a header.</summary>
    public const string KeyHeader = "apiKey";

    /// <summary>The schema of a refused call.</summary>
    public const string Refusal = "Error";

    /// <summary>The document for those of the routes that are the captcha service's.</summary>
    public static OpenApiDocument Of(IEnumerable<ServedRoute> routes, ContractComments comments)
    {
        var service = CaptchaService.Descriptor;
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "UCaptcha.Grpc",
                Version = typeof(ApiDescription).Assembly.GetName().Version!.ToString(fieldCount: 3),
                Description = $"{comments.Of(service)} This is the native JSON. The dialects of other services are spoken under their own paths, "
                    + "such as /capmonster/createTask. A refused call is an error; a task that failed is none: its status is `failed`.",
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            },
            Servers = [new OpenApiServer { Url = "/", Description = "The server that this description comes from." }],
            Paths = [],
            Tags = new HashSet<OpenApiTag> { new() { Name = service.Name, Description = comments.Of(service) } },
        };
        document.AddComponent(Refusal, RefusalSchema());
        document.AddComponent(KeyHeader, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = KeyAuthentication.HeaderName,
            Description = "The API key, unless the request has it as clientKey.",
        });
        var operations = new OperationWriter(document, comments);
        foreach (var route in routes.Where(route => route.Method.Service.FullName == service.FullName))
            operations.Add(route);
        return document;
    }

    private static OpenApiSchema RefusalSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why a call was refused.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["errorId"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Enum = [JsonValue.Create(1)], Description = "Always 1." },
            ["errorCode"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The documented code." },
            ["errorDescription"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A sentence that names the member at fault." },
        },
        Required = new HashSet<string> { "errorId", "errorCode", "errorDescription" },
    };
}
