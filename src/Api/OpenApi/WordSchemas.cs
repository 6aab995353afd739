using Galley.Api.Typed;
using Galley.Store.Commands;
using Microsoft.OpenApi;

namespace Galley.Api.OpenApi;

/// <summary>The schemas of single arguments, which all typed operations share.</summary>
internal static class WordSchemas
{
    public static string NameOf(ArgumentType type) => type switch
    {
        ArgumentType.Integer => "IntegerWord",
        ArgumentType.Double => "DoubleWord",
        ArgumentType.UnixTime => "UnixTimeWord",
        _ => "TextWord",
    };

    public static IEnumerable<(string Name, OpenApiSchema Schema)> All() =>
    [
        (NameOf(ArgumentType.String), Either("Text, or bytes that are not UTF-8 in base64.",
            new OpenApiSchema { Type = JsonSchemaType.String }, Bytes())),
        (NameOf(ArgumentType.Integer), Either("An integer; beyond 2^53-1 a string of its digits.",
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
            new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^-?[0-9]+$" })),
        (NameOf(ArgumentType.UnixTime), Either("A Unix time in the unit of the command: seconds or milliseconds.",
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" },
            new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9]+$" })),
        (NameOf(ArgumentType.Double), Either("A number, or one of the strings inf and -inf.",
            new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" },
            new OpenApiSchema { Type = JsonSchemaType.String })),
    ];

    private static OpenApiSchema Either(string description, OpenApiSchema first, OpenApiSchema second) => new()
    {
        Description = description,
        OneOf = [first, second],
    };

    private static OpenApiSchema Bytes() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { WordValue.Base64Name },
        AdditionalPropertiesAllowed = false,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            [WordValue.Base64Name] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" },
        },
    };
}
