using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>What one client listens to: each name with the client's place among those who listen to it.</summary>
public sealed class Subscriptions
{
    internal Dictionary<byte[], LinkedListNode<Session>> Channels { get; } = new(BytesComparer.Instance);

    internal Dictionary<byte[], LinkedListNode<Session>> Patterns { get; } = new(BytesComparer.Instance);

    internal Dictionary<byte[], LinkedListNode<Session>> ShardChannels { get; } = new(BytesComparer.Instance);

    /// <summary>Of all three kinds; what a client is told counts shard channels apart.</summary>
    public int TotalCount => Channels.Count + Patterns.Count + ShardChannels.Count;

    /// <summary>Bytes of all its names.</summary>
    internal long NameBytes { get; set; }
}
