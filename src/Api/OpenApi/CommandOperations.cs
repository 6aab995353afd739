using System.Text;
using Galley.Api.Rest;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Galley.Api.OpenApi;

/// <summary>
/// Describes every command of the table as a path of its own, from its declaration: <c>/set/{arguments}</c>. What reads
/// is a GET, what writes a POST; the server takes either.
/// </summary>
internal sealed class CommandOperations : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (CommandInfo command in CommandTable.Shared.All)
        {
            if (command.IsContainer || !IsAvailable(command)) continue;
            bool takesArguments = command.Declaration.Grammar.Length > 0;
            string path = "/" + command.LowerName.Replace('|', '/') + (takesArguments ? "/{arguments}" : "");
            HttpMethod method = command.Has(Flags.Write) ? HttpMethod.Post : HttpMethod.Get;
            swaggerDoc.Paths[path] = new OpenApiPathItem
            {
                Operations = new Dictionary<HttpMethod, OpenApiOperation> { [method] = Operation(command, takesArguments, swaggerDoc) },
            };
        }
    }

    private static bool IsAvailable(CommandInfo command)
    {
        string name = command.LowerName.Split('|')[0];
        return UnavailableCommands.Refusal(CommandTable.Shared, Arguments.Of(Encoding.ASCII.GetBytes(name))) is null;
    }

    private static OpenApiOperation Operation(CommandInfo command, bool takesArguments, OpenApiDocument document) => new()
    {
        OperationId = command.LowerName.Replace('|', '-'),
        Summary = command.Declaration.Summary,
        Description = $"{command.Name.Replace('|', ' ')} {command.Declaration.Grammar}".TrimEnd() + $". Cost: {command.Declaration.Cost}.",
        Tags = new HashSet<OpenApiTagReference> { new(command.Declaration.Group.ToString()) },
        Parameters = takesArguments ? [ArgumentsParameter(command)] : [],
        Responses = new OpenApiResponses
        {
            ["200"] = Response("The reply.", nameof(RestResult), document),
            ["400"] = Response("The command failed.", nameof(RestError), document),
        },
    };

    private static OpenApiParameter ArgumentsParameter(CommandInfo command) => new()
    {
        Name = "arguments",
        In = ParameterLocation.Path,
        Required = true,
        Description = $"Each word a segment of its own: {command.Declaration.Grammar}",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiResponse Response(string description, string schema, OpenApiDocument document) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(schema, document) },
        },
    };
}
