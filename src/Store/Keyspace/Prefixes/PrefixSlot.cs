namespace Galley.Store.Keyspace;

/// <summary>What is known of the keys of one prefix.</summary>
internal struct PrefixSlot
{
    /// <summary>With its separator; empty for keys that have none.</summary>
    public byte[] Prefix;

    /// <summary>The prefix itself, if it fits eight bytes; else a hash of it.</summary>
    public ulong Word;

    /// <summary>The slot of all that has none of its own.</summary>
    public bool IsRest;

    /// <summary>How often a command has opened a key, since the start or CONFIG RESETSTAT.</summary>
    public long Operations;

    /// <summary>Keys at the last weighing.</summary>
    public long Keys;

    /// <summary>Bytes of the arena that these took, large collections by a sample.</summary>
    public long Bytes;

    /// <summary>What the weighing that is under way has met so far.</summary>
    public long KeysMet, BytesMet;

    /// <summary>Operations up to the last weighing.</summary>
    public long OperationsThen;

    /// <summary>The slot after a weighing.</summary>
    /// <param name="isIdle">Neither this weighing nor the one before has met a key, and no command has asked for one between.</param>
    public readonly PrefixSlot Weighed(out bool isIdle)
    {
        isIdle = Keys == 0 && KeysMet == 0 && Operations == OperationsThen;
        return this with { Keys = KeysMet, Bytes = BytesMet, KeysMet = 0, BytesMet = 0, OperationsThen = Operations };
    }
}
