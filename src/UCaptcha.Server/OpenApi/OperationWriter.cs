using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Microsoft.OpenApi;
using UCaptcha.Transcoding;
using UCaptcha.V1;

namespace UCaptcha.Server.OpenApi;

/// <summary>Adds operations to a document, one for each route.</summary>
internal sealed class OperationWriter(OpenApiDocument document, ContractComments comments)
{
    private const string Json = "application/json";
    private static readonly string[] StreamTypes = ["application/x-ndjson", "text/event-stream"];

    private readonly SchemaBook _schemas = new(document, comments);

    /// <exception cref="NotSupportedException">A field is of a type that the contract's JSON has not had yet.</exception>
    public void Add(ServedRoute route)
    {
        var path = route.PathFields.Aggregate(route.Template, (text, name) => text.Replace($"{{{name}}}", $"{{{Field(route, name).JsonName}}}", StringComparison.Ordinal));
        if (!document.Paths.TryGetValue(path, out var item))
            document.Paths[path] = item = new OpenApiPathItem { Operations = [] };
        item.Operations![HttpMethod.Parse(route.HttpMethod)] = Describe(route);
    }

    private OpenApiOperation Describe(ServedRoute route)
    {
        var comment = comments.Of(route.Method) ?? "";
        var examples = DocumentedExamples.All.Where(example => example.Method == route.Method.Name).ToList();
        return new OpenApiOperation
        {
            OperationId = IdOf(route),
            Summary = comment.Split(". ")[0].TrimEnd('.'),
            Description = comment,
            Tags = new HashSet<OpenApiTagReference> { new(route.Method.Service.Name, document) },
            Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiDescription.KeyHeader, document)] = [] }, new OpenApiSecurityRequirement()],
            Parameters = [.. Parameters(route)],
            RequestBody = route.HasBody ? Body(route.Method, examples) : null,
            Responses = Answers(route, examples),
        };
    }

    private IEnumerable<OpenApiParameter> Parameters(ServedRoute route)
    {
        var inPath = route.PathFields.Select(name => Field(route, name)).ToList();
        var inQuery = route.HasBody ? [] : route.Method.InputType.Fields.InDeclarationOrder().Where(SchemaBook.IsMember).Except(inPath);
        var inHeader = route.Method.InputType.Fields.InDeclarationOrder().Where(field => SchemaBook.Has(field, OptionsExtensions.EventId)).Select(LastEventId);
        return [.. inPath.Select(field => Parameter(field, ParameterLocation.Path)), .. inQuery.Select(field => Parameter(field, ParameterLocation.Query)), .. inHeader];
    }

    private OpenApiParameter LastEventId(FieldDescriptor field) => new()
    {
        Name = "Last-Event-ID",
        In = ParameterLocation.Header,
        Description = $"The id of the last server-sent event that was handled; goes before `{field.JsonName}`.",
        Schema = _schemas.Of(field, isAnswer: false),
    };

    private OpenApiParameter Parameter(FieldDescriptor field, ParameterLocation place) => new()
    {
        Name = field.JsonName,
        In = place,
        Required = place == ParameterLocation.Path,
        Description = comments.Of(field),
        Schema = _schemas.Of(field, isAnswer: false),
    };

    private OpenApiRequestBody Body(MethodDescriptor method, List<DocumentedExample> examples) => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Json] = Content(_schemas.Of(method.InputType, isAnswer: false), examples, example => example.Request),
        },
    };

    private OpenApiResponses Answers(ServedRoute route, List<DocumentedExample> examples)
    {
        var answer = _schemas.Of(route.Method.OutputType, isAnswer: true);
        var types = route.Method.IsServerStreaming ? StreamTypes : [Json];
        var answers = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse
            {
                Description = comments.Of(route.Method.OutputType) + (route.Method.IsServerStreaming ? " One a line, or one an event." : ""),
                Content = types.ToDictionary(type => type, _ => Content(answer, Of(StatusCodes.Status200OK), example => example.Answer)),
            },
        };
        foreach (var error in DocumentedErrors.Of(route.Method, route.HasBody))
        {
            answers[error.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(", ", error),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = Content(new OpenApiSchemaReference(ApiDescription.Refusal, document), Of(error.Key), example => example.Answer),
                },
            };
        }

        return answers;

        List<DocumentedExample> Of(int status) => examples.FindAll(example => example.Status == status);
    }

    private static OpenApiMediaType Content(IOpenApiSchema schema, List<DocumentedExample> examples, Func<DocumentedExample, string> text) => new()
    {
        Schema = schema,
        Examples = examples.Count == 0 ? null : examples.ToDictionary(
            example => example.Name, IOpenApiExample (DocumentedExample example) => new OpenApiExample { Summary = example.Summary, Value = JsonNode.Parse(text(example)) }),
    };

    // The first word of the path, and the HTTP method where it is not the usual one.
    private static string IdOf(ServedRoute route)
    {
        var word = route.Template.Split('/', StringSplitOptions.RemoveEmptyEntries)[0];
        return HttpMethods.IsPost(route.HttpMethod) ? word : $"{word}By{route.HttpMethod[0]}{route.HttpMethod[1..].ToLowerInvariant()}";
    }

    private static FieldDescriptor Field(ServedRoute route, string name) => route.Method.InputType.FindFieldByName(name);
}
