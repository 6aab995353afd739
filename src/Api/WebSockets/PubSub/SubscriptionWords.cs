using Galley.Api.PubSub;

namespace Galley.Api.WebSockets;

/// <summary>The words for subscriptions of one kind: commands of the engine, and frames of the server.</summary>
internal sealed record SubscriptionWords(string Join, string Leave, string Subscribed, string Message)
{
    private static readonly SubscriptionWords Channels =
        new("SUBSCRIBE", "UNSUBSCRIBE", FrameTypes.Subscribed, FrameTypes.Message);

    private static readonly SubscriptionWords Patterns =
        new("PSUBSCRIBE", "PUNSUBSCRIBE", FrameTypes.PatternSubscribed, FrameTypes.PatternMessage);

    private static readonly SubscriptionWords ShardChannels =
        new("SSUBSCRIBE", "SUNSUBSCRIBE", FrameTypes.ShardSubscribed, FrameTypes.ShardMessage);

    public static SubscriptionWords Of(MessageKind kind) => kind switch
    {
        MessageKind.ByPattern => Patterns,
        MessageKind.OfShard => ShardChannels,
        _ => Channels,
    };
}
