using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Galley.Api.OpenApi;

/// <summary>
/// The last filter: what every document and operation must have and nobody said. Operations of hand-written routes get
/// their identifiers from method and address, and the server is the one that the document came from.
/// </summary>
internal sealed class DocumentDefaults : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        if (swaggerDoc.Servers is not { Count: > 0 }) swaggerDoc.Servers = [new OpenApiServer { Url = "/" }];
        foreach ((string path, IOpenApiPathItem item) in swaggerDoc.Paths)
        {
            foreach ((HttpMethod method, OpenApiOperation operation) in item.Operations ?? [])
                operation.OperationId ??= IdOf(method, path);
        }
    }

    private static string IdOf(HttpMethod method, string path)
    {
        string[] words = path.Split(['/', '{', '}', '*'], StringSplitOptions.RemoveEmptyEntries);
        return string.Join('-', [method.Method.ToLowerInvariant(), .. words.Length == 0 ? ["root"] : words]);
    }
}
