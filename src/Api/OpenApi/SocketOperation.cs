using Galley.Api.Rest;
using Galley.Api.WebSockets;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Galley.Api.OpenApi;

/// <summary>Adds the addresses of the WebSocket door, which no explorer finds, and the credentials of all.</summary>
internal sealed class SocketOperation : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Paths[SocketDoor.Path] = Path(HttpMethod.Get, new OpenApiOperation
        {
            Summary = $"Opens a WebSocket of the subprotocol {SocketDoor.Subprotocol}: subscriptions and commands. docs/asyncapi.yaml describes it.",
            Responses = new OpenApiResponses
            {
                ["101"] = new OpenApiResponse { Description = "Switching protocols" },
                ["400"] = Refusal("A subprotocol that is not known, or a token in the address", context),
                ["401"] = Refusal("Bad credentials", context),
                ["403"] = Refusal("A page of an Origin that may not come in", context),
                ["426"] = Refusal("Not a WebSocket request", context),
                ["503"] = Refusal("Too many WebSockets, or a server that shuts down", context),
            },
        });
        swaggerDoc.Paths[TicketDoor.Path] = Path(HttpMethod.Post, new OpenApiOperation
        {
            Summary = "Issues a ticket with which a page opens one WebSocket, within 30 seconds.",
            RequestBody = new OpenApiRequestBody { Content = Json<TicketRequest>(context) },
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse { Description = "OK", Content = Json<TicketReply>(context) },
                ["400"] = Refusal("A body that is no such wish", context),
                ["401"] = Refusal("Bad credentials", context),
                ["413"] = Refusal("A body that is too long", context),
                ["429"] = Refusal("Too many tickets", context),
            },
        });
        swaggerDoc.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", swaggerDoc)] = [] }];
    }
    private static OpenApiPathItem Path(HttpMethod method, OpenApiOperation operation)
    {
        operation.Tags = new HashSet<OpenApiTagReference> { new("WebSocket") };
        return new OpenApiPathItem { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [method] = operation } };
    }

    private static OpenApiResponse Refusal(string description, DocumentFilterContext context) =>
        new() { Description = description, Content = Json<RestError>(context) };

    private static Dictionary<string, IOpenApiMediaType> Json<T>(DocumentFilterContext context) => new()
    {
        ["application/json"] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(T), context.SchemaRepository) },
    };
}
