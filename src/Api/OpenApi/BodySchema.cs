using System.Text.Json.Nodes;
using Galley.Api.Typed;
using Microsoft.OpenApi;

namespace Galley.Api.OpenApi;

/// <summary>The schema of a body. What no list of fields can say, that alternatives exclude each other, is in its description.</summary>
internal static class BodySchema
{
    public static OpenApiSchema Of(Body body, OpenApiDocument document)
    {
        string description = Describe(body.Parts);
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = description.Length == 0 ? null : description,
            AdditionalPropertiesAllowed = false,
            Required = Required(body).Select(field => field.Name).ToHashSet(),
            Properties = body.Fields.ToDictionary(field => field.Name, field => Of(field, document)),
        };
    }

    /// <summary>An empty body is not enough.</summary>
    public static bool IsNeeded(Body body) => Array.Exists(body.Parts, part => part is Field { IsOptional: false } or Choice { IsOptional: false });

    private static IEnumerable<Field> Required(Body body) => body.Parts.OfType<Field>().Where(field => !field.IsOptional);

    private static IOpenApiSchema Of(Field field, OpenApiDocument document)
    {
        IOpenApiSchema value = Of(field.Value, document);
        return !field.IsRepeated ? value : new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = value,
            MinItems = field.IsOptional ? null : 1,
        };
    }

    private static IOpenApiSchema Of(FieldValue value, OpenApiDocument document) => value switch
    {
        Word word => new OpenApiSchemaReference(WordSchemas.NameOf(word.Type), document),
        WordOf choice => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. choice.Words.Select(word => (JsonNode)word)] },
        Record record => Of(record.Body, document),
        _ => new OpenApiSchema { Type = JsonSchemaType.Boolean },
    };

    private static string Describe(Part[] parts) => string.Join(" ", parts.Select(Describe).Where(text => text.Length > 0));

    private static string Describe(Part part)
    {
        if (part is Choice choice)
        {
            string alternatives = string.Join(", ", choice.Alternatives.Select(NameOf));
            string inner = Describe(choice.Alternatives);
            return $"{(choice.IsOptional ? "At most" : "Exactly")} one of {alternatives}. {inner}".TrimEnd();
        }
        if (part is not Together together) return "";
        string names = string.Join(", ", together.Parts.Where(inner => inner is not Literal).Select(NameOf));
        return $"Together: {names}. {Describe(together.Parts)}".TrimEnd();
    }

    private static string NameOf(Part part) => part switch
    {
        Field field => field.Name,
        Choice choice => string.Join(" or ", choice.Alternatives.Select(NameOf)),
        Together together => string.Join(" with ", together.Parts.Where(inner => inner is not Literal).Select(NameOf)),
        _ => "",
    };
}
