using Galley.Api.OpenApi;
using Galley.Store.Configuration;

namespace Galley.Api.Pages;

/// <summary>
/// What a browser finds: <c>/</c> tells what runs here, <c>/tour</c> shows how it is used, <c>/openapi.yaml</c> describes
/// it. The pages hold no data and need no credentials: the figures come through the REST door, which asks for them.
/// </summary>
internal sealed class FrontPages
{
    private const string HomePath = "/";
    private const string TourPath = "/tour";
    private const string DescriptionPath = "/openapi.yaml";
    private const string TourMark = "<!-- tour -->";

    private readonly Lazy<Page> _home;
    private readonly Lazy<Page> _tour;

    public FrontPages(Settings settings)
    {
        _home = new Lazy<Page>(() => Page.Load("index.html"));
        _tour = new Lazy<Page>(() => Page.Load("tour.html", TourMark, TourText.Render(Page.Read("README.md"), settings.Port)));
    }

    /// <summary>
    /// The request is for a page. The root is one for a browser alone, which names HTML in what it accepts; every other
    /// client means the REST door.
    /// </summary>
    public static bool Wants(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return false;
        string? path = request.Path.Value;
        return path is TourPath or DescriptionPath
            || (path is HomePath && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));
    }

    public void Map(WebApplication app)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        var description = new Lazy<Task<string>>(() => ApiDescription.ToYamlAsync(app.Services));
        app.MapMethods(HomePath, methods, (RequestDelegate)(context => _home.Value.WriteAsync(context))).ExcludeFromDescription();
        app.MapMethods(TourPath, methods, (RequestDelegate)(context => _tour.Value.WriteAsync(context))).ExcludeFromDescription();
        app.MapMethods(DescriptionPath, methods, async () => Results.Text(await description.Value, "application/yaml"))
            .ExcludeFromDescription();
    }
}
