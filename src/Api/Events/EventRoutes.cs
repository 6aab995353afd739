using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Api.Streams;

namespace Galley.Api.Events;

/// <summary>What makes up the streams of events. Their addresses need no routing: they are known by their form.</summary>
internal static class EventRoutes
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<Fanout>();
        services.AddSingleton<CommandBatchPool>();
        services.AddSingleton<StreamTails>();
        services.AddSingleton<EventStreams>();
        services.AddSingleton<EventServices>();
        services.AddSingleton<UpstashEventDoor>();
        services.AddSingleton<ChannelEventDoor>();
        services.AddSingleton<StreamEventDoor>();
    }
}
