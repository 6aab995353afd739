namespace Galley.Store.Keyspace;

/// <summary>The type of a value; the numbers are those of redis-server's objects.</summary>
public enum KeyType : byte
{
    String = 0,
    List = 1,
    Set = 2,
    SortedSet = 3,
    Hash = 4,
    Stream = 6,
}

/// <summary>Classes of keyspace events, as <c>notify-keyspace-events</c> names them by letter.</summary>
[Flags]
public enum EventClass : ushort
{
    None = 0,
    Keyspace = 1 << 0,  // K
    Keyevent = 1 << 1,  // E
    Generic = 1 << 2,   // g
    String = 1 << 3,    // $
    List = 1 << 4,      // l
    Set = 1 << 5,       // s
    Hash = 1 << 6,      // h
    SortedSet = 1 << 7, // z
    Expired = 1 << 8,   // x
    Evicted = 1 << 9,   // e
    Stream = 1 << 10,   // t
    KeyMiss = 1 << 11,  // m
    Module = 1 << 13,   // d
    New = 1 << 14,      // n

    /// <summary>A: everything but key misses and new keys.</summary>
    All = Generic | String | List | Set | Hash | SortedSet | Expired | Evicted | Stream | Module,
}

/// <summary>The words by which TYPE and SCAN name types.</summary>
internal static class KeyTypeNames
{
    public static ReadOnlySpan<byte> Of(KeyType type) => type switch
    {
        KeyType.String => "string"u8,
        KeyType.List => "list"u8,
        KeyType.Set => "set"u8,
        KeyType.SortedSet => "zset"u8,
        KeyType.Hash => "hash"u8,
        KeyType.Stream => "stream"u8,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
