namespace Galley.Api.PubSub;

/// <summary>What a push of the engine is.</summary>
internal enum MessageKind : byte
{
    /// <summary>Of a channel.</summary>
    Message,

    /// <summary>Of a channel that matches a pattern.</summary>
    ByPattern,

    /// <summary>Of a shard channel.</summary>
    OfShard,

    /// <summary>A line of MONITOR: no channel, and the line as payload.</summary>
    MonitorLine,
}
