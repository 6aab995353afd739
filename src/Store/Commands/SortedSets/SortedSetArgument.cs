using Galley.Store.Keyspace;

namespace Galley.Store.Commands.SortedSets;

/// <summary>What sorted-set commands ask of their arguments.</summary>
internal static class SortedSetArgument
{
    /// <summary>Opens the key, or replies with WRONGTYPE; it may be absent.</summary>
    public static bool TryRead(Execution x, int argument, out Key key) => x.TryRead(argument, KeyType.SortedSet, out key);

    /// <summary>As <see cref="TryRead"/>, to be changed.</summary>
    public static bool TryWrite(Execution x, int argument, out Key key) => x.TryWrite(argument, KeyType.SortedSet, out key);
}
