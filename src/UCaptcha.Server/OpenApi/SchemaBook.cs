using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Microsoft.OpenApi;
using UCaptcha.V1;
using Enum = System.Enum;

namespace UCaptcha.Server.OpenApi;

/// <summary>
/// The schemas of messages, among the components of a document under the messages' names. A message stands in requests or in answers, not in both:
/// in requests the fields that the contract calls required are, in answers those that are always written.
/// </summary>
internal sealed class SchemaBook(OpenApiDocument document, ContractComments comments)
{
    private const string Required = "Required.";

    private readonly HashSet<string> _known = [];

    /// <summary>The schema of a message.</summary>
    public IOpenApiSchema Of(MessageDescriptor type, bool isAnswer)
    {
        if (_known.Add(type.Name))
            document.AddComponent(type.Name, Make(type, isAnswer));
        return new OpenApiSchemaReference(type.Name, document);
    }

    /// <summary>The schema of a field, with its comment.</summary>
    public IOpenApiSchema Of(FieldDescriptor field, bool isAnswer)
    {
        var schema = field.IsRepeated ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = OfValue(field, isAnswer) } : OfValue(field, isAnswer);
        schema.Description = comments.Of(field);
        return schema;
    }

    /// <summary>Whether JSON has the field under its own name.</summary>
    public static bool IsMember(FieldDescriptor field) => !Has(field, OptionsExtensions.WithoutJson) && !Has(field, OptionsExtensions.OpenField);

    private OpenApiSchema Make(MessageDescriptor type, bool isAnswer)
    {
        var members = type.Fields.InDeclarationOrder().Where(IsMember).ToList();
        var open = type.Fields.InDeclarationOrder().FirstOrDefault(field => Has(field, OptionsExtensions.OpenField));
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = comments.Of(type),
            Properties = members.ToDictionary(field => field.JsonName, field => Of(field, isAnswer)),
            Required = members.Where(field => isAnswer ? !field.HasPresence && !field.IsRepeated : IsRequired(field)).Select(field => field.JsonName).ToHashSet(),
            AdditionalProperties = open is null ? null : new OpenApiSchema { Description = comments.Of(open) },
        };
    }

    private bool IsRequired(FieldDescriptor field) => comments.Of(field)?.Contains(Required, StringComparison.Ordinal) == true;

    private IOpenApiSchema OfValue(FieldDescriptor field, bool isAnswer) => field.FieldType switch
    {
        FieldType.String when Has(field, OptionsExtensions.AcceptsNumber) => new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Integer },
        FieldType.String => new OpenApiSchema { Type = JsonSchemaType.String },
        FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        FieldType.Int32 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
        FieldType.Int64 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
        FieldType.Double => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" },
        FieldType.Enum => Of(field.EnumType),
        FieldType.Message when field.MessageType == Struct.Descriptor =>
            new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() },
        FieldType.Message => Of(field.MessageType, isAnswer),
        _ => throw new NotSupportedException($"{field.FullName} is of a type that the description of the API has no words for: {Enum.GetName(field.FieldType)}."),
    };

    private OpenApiSchemaReference Of(EnumDescriptor type)
    {
        if (_known.Add(type.Name))
        {
            var values = type.Values.Select(value => (Text: value.GetOptions()?.GetExtension(OptionsExtensions.JsonValue), Comment: comments.Of(value)))
                .Where(value => !string.IsNullOrEmpty(value.Text))
                .ToList();
            document.AddComponent(type.Name, new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = string.Join('\n', values.Select(value => $"* `{value.Text}`: {value.Comment}").Prepend($"{comments.Of(type)}\n")),
                Enum = [.. values.Select(value => JsonValue.Create(value.Text)!)],
            });
        }

        return new OpenApiSchemaReference(type.Name, document);
    }

    /// <summary>Whether an option marks a field.</summary>
    public static bool Has(FieldDescriptor field, Google.Protobuf.Extension<FieldOptions, bool> option) => field.GetOptions()?.GetExtension(option) == true;
}
