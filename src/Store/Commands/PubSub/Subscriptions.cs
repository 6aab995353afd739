using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>The channels and patterns that one client listens to.</summary>
public sealed class Subscriptions
{
    public HashSet<byte[]> Channels { get; } = new(BytesComparer.Instance);

    public HashSet<byte[]> Patterns { get; } = new(BytesComparer.Instance);

    public int Count => Channels.Count + Patterns.Count;
}
