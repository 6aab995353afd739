using Galley.Api.Events;
using Galley.Api.Rest;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Galley.Api.OpenApi;

/// <summary>Adds the addresses of streams of events, which are known by their form and found by no explorer.</summary>
internal sealed class EventOperations : IDocumentFilter
{
    private const string MediaType = "text/event-stream";

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Paths["/subscribe/{channels}"] = Upstash(
            "Listens to channels, each a segment of its own: events subscribe, then message.",
            "data: subscribe,news,1\n\ndata: message,news,ahoy\n\n", context, Name("channels", "A channel, or several with slashes between."));
        swaggerDoc.Paths["/psubscribe/{patterns}"] = Upstash(
            "Listens to all channels that match patterns, each a segment of its own: events psubscribe, then pmessage.",
            "data: psubscribe,news.*,1\n\ndata: pmessage,news.*,news.art,\"ahoy\"\n\n", context, Name("patterns", "A pattern, or several with slashes between."));
        swaggerDoc.Paths["/monitor"] = Upstash(
            "Shows every command that the server runs, as it runs.",
            "data: \"OK\"\n\ndata: 1700000000.123456 [0 127.0.0.1:50312] \"SET\" \"k\" \"v\"\n\n", context);
        swaggerDoc.Paths[ChannelEventDoor.Path] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Get] = Operation(
                    "Listens to a channel, for EventSource: each message is an event, whose data is its payload.",
                    "retry: 2000\n\nevent: message\ndata: ahoy\n\n", context,
                    [
                        Name("channel", "The channel, percent-encoded; or a pattern."),
                        Option("pattern", "1: the name is a pattern. Events are pmessage, whose data is a JSON object with pattern, channel and data.", "0", "1"),
                        Option("data", "How payloads are written.", "utf8", "json", "base64"),
                        Option("ticket", "A ticket of /v1/ws-tickets, where no header can be set."),
                    ]),
            },
        };
        swaggerDoc.Paths[StreamEventDoor.Path] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Get] = StreamOperation(swaggerDoc, context) },
        };
    }

    private static OpenApiOperation StreamOperation(OpenApiDocument document, DocumentFilterContext context)
    {
        OpenApiOperation operation = Operation(
            "Reads a stream and waits for what is added, for EventSource: each entry is an event with its identifier, behind which the client goes on when it comes back.",
            "retry: 2000\nid: 1700000000000-0\n\nid: 1700000000001-0\nevent: entry\ndata: {\"id\":\"1700000000001-0\",\"fields\":[[\"k\",\"v\"]]}\n\n",
            context,
            [
                Name("key", "The key of the stream, percent-encoded."),
                Option("from", "Behind what it is read: $, the end as it is now, or the identifier of an entry; 0 is the beginning."),
                Option("lastEventId", "As the header Last-Event-ID, which wins over it: the identifier behind which to go on. It wins over from."),
                Option("data", "How values are written.", "utf8", "json", "base64"),
                Option("onGap", "Where entries have been trimmed that were not read: an event gap, or an event error and the end.", "skip", "error"),
                Option("ticket", "A ticket of /v1/ws-tickets, where no header can be set."),
            ]);
        operation.Responses = new OpenApiResponses
        {
            ["200"] = operation.Responses!["200"],
            ["4XX"] = new OpenApiResponseReference(TypedPaths.ProblemName, document),
            ["5XX"] = new OpenApiResponseReference(TypedPaths.ProblemName, document),
        };
        return operation;
    }

    private static OpenApiPathItem Upstash(string summary, string example, DocumentFilterContext context, params IOpenApiParameter[] parameters) => new()
    {
        Operations = new Dictionary<HttpMethod, OpenApiOperation>
        {
            [HttpMethod.Get] = Operation(summary, example, context, parameters),
            [HttpMethod.Post] = Operation(summary + " As GET; a body is passed over.", example, context, parameters),
        },
    };

    private static OpenApiOperation Operation(string summary, string example, DocumentFilterContext context, IList<IOpenApiParameter> parameters) => new()
    {
        Summary = summary,
        Tags = new HashSet<OpenApiTagReference> { new("Events") },
        Parameters = parameters,
        Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse
            {
                Description = "Events, until either side ends. A comment comes after sse-heartbeat-interval of silence.",
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [MediaType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = example },
                },
            },
            ["400"] = Refusal("The command failed", context),
            ["401"] = Refusal("Bad credentials", context),
            ["503"] = Refusal("Too many streams, or a server that shuts down", context),
        },
    };

    private static OpenApiParameter Name(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiParameter Option(string name, string description, params string[] values) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = values.Length == 0 ? null : [.. values.Select(value => (System.Text.Json.Nodes.JsonNode)value)],
        },
    };

    private static OpenApiResponse Refusal(string description, DocumentFilterContext context) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["application/json"] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(RestError), context.SchemaRepository) },
        },
    };
}
