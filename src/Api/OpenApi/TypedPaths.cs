using Galley.Api.Typed;
using Galley.Store.Commands;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Galley.Api.OpenApi;

/// <summary>
/// Describes every command of the table as a typed operation, with the schema and an example of its body. What they share
/// stands once, among the components: hundreds of operations stay a readable file.
/// </summary>
internal sealed class TypedPaths(TypedOperations operations) : IDocumentFilter
{
    private const string ReplyName = "Reply";
    public const string ProblemName = "Problem";

    private readonly TypedOperations _operations = operations;

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        AddComponents(swaggerDoc);
        foreach (TypedOperation operation in _operations.All)
        {
            if (operation.Refusal is not null) continue;
            swaggerDoc.Paths[operation.Path] = new OpenApiPathItem
            {
                Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = Describe(operation, swaggerDoc) },
            };
        }
    }

    private static OpenApiOperation Describe(TypedOperation operation, OpenApiDocument document) => new()
    {
        OperationId = "typed-" + operation.Command.LowerName.Replace('|', '-'),
        Summary = operation.Command.Declaration.Summary,
        Description = DescriptionOf(operation.Command),
        Tags = new HashSet<OpenApiTagReference> { new(operation.Command.Declaration.Group.ToString()) },
        RequestBody = operation.Body.Fields.Length == 0 ? null : DescribeBody(operation, document),
        Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponseReference(ReplyName, document),
            ["4XX"] = new OpenApiResponseReference(ProblemName, document),
            ["5XX"] = new OpenApiResponseReference(ProblemName, document),
        },
    };

    private static OpenApiRequestBody DescribeBody(TypedOperation operation, OpenApiDocument document) => new()
    {
        Required = BodySchema.IsNeeded(operation.Body),
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["application/json"] = new OpenApiMediaType
            {
                Schema = BodySchema.Of(operation.Body, document),
                Example = BodyExample.Of(operation),
            },
        },
    };

    private static string DescriptionOf(CommandInfo command)
    {
        CommandAttribute declaration = command.Declaration;
        string call = $"{command.Name.Replace('|', ' ')} {declaration.Grammar}".TrimEnd();
        string categories = string.Join(", ", command.Categories.ToString().ToLowerInvariant().Split(", ").Select(category => "@" + category));
        string deprecation = declaration.DeprecatedSince.Length == 0 ? ""
            : $" Deprecated since {declaration.DeprecatedSince}: use {declaration.ReplacedBy}.";
        return $"`{call}`. Cost: {declaration.Cost.TrimEnd('.')}. Since {declaration.Since}.{deprecation} ACL categories: {categories}.";
    }

    private static void AddComponents(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        foreach ((string name, OpenApiSchema schema) in WordSchemas.All()) document.Components.Schemas[name] = schema;
        document.Components.Schemas[ReplyName] = Object("What the command replied, with the types of RESP3.", ("result", new OpenApiSchema()));
        document.Components.Schemas[ProblemName] = ProblemSchema();
        document.Components.Responses[ReplyName] = Response("The reply.", "application/json", ReplyName, document);
        document.Components.Responses[ProblemName] = Response(
            "Why it failed: " + string.Join(", ", ProblemCode.All.OrderBy(code => code.Status).ThenBy(code => code.Code, StringComparer.Ordinal)
                .Select(code => $"{code.Status} {code.Code}")) + ".",
            "application/problem+json", ProblemName, document);
    }

    private static OpenApiSchema ProblemSchema() => Object(
        "A problem as RFC 9457 has them.",
        ("type", Text("Where the kind of problem is told.")),
        ("title", Text("The kind of problem.")),
        ("status", new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The status of the response." }),
        ("detail", Text("Redis's error, or what is wrong with the body.")),
        ("code", Text("The first word of Redis's error; INVALID where the body does not fit the command.")),
        ("requestId", Text("Names the request.")),
        ("errors", new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = Object("One place of the body.", ("pointer", Text("Its JSON pointer.")), ("detail", Text("What is wrong there."))),
        }));

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Object(string description, params (string Name, OpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = members.Where(member => member.Name != "errors").Select(member => member.Name).ToHashSet(),
        Properties = members.ToDictionary(member => member.Name, IOpenApiSchema (member) => member.Schema),
    };

    private static OpenApiResponse Response(string description, string mediaType, string schema, OpenApiDocument document) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [mediaType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(schema, document) },
        },
    };
}
