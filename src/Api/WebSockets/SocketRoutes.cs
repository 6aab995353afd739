using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Galley.Api.WebSockets;

/// <summary>What makes up the WebSocket door, and its addresses.</summary>
internal static class SocketRoutes
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Tickets>();
        services.AddSingleton<SocketCredentials>();
        services.AddSingleton<TicketDoor>();
        services.AddSingleton<SocketDoor>();
    }

    public static void Map(WebApplication app)
    {
        ClientFiles.Map(app);
        // Whatever its content type: who says nothing, or form data as curl does, means JSON.
        app.MapPost(TicketDoor.Path, app.Services.GetRequiredService<TicketDoor>().ServeAsync).ExcludeFromDescription();
    }
}
