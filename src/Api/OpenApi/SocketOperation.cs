using Galley.Api.WebSockets;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Galley.Api.OpenApi;

/// <summary>Adds the WebSocket's address, which no explorer finds, and the credentials of all.</summary>
internal sealed class SocketOperation : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Paths[SocketDoor.Path] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Get] = new()
                {
                    Summary = $"Opens a WebSocket of the subprotocol {SocketDoor.Subprotocol}: subscriptions and commands.",
                    Tags = new HashSet<OpenApiTagReference> { new("WebSocket") },
                    Responses = new OpenApiResponses
                    {
                        ["101"] = new OpenApiResponse { Description = "Switching protocols" },
                        ["400"] = new OpenApiResponse { Description = "Not a WebSocket request" },
                        ["401"] = new OpenApiResponse { Description = "Bad credentials" },
                    },
                },
            },
        };
        swaggerDoc.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", swaggerDoc)] = [] }];
    }
}
