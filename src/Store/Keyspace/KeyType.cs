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
public enum EventClass
{
    None = 0,
    Keyspace = 1 << 0,          // K
    Keyevent = 1 << 1,          // E
    Generic = 1 << 2,           // g
    String = 1 << 3,            // $
    List = 1 << 4,              // l
    Set = 1 << 5,               // s
    Hash = 1 << 6,              // h
    SortedSet = 1 << 7,         // z
    Expired = 1 << 8,           // x
    Evicted = 1 << 9,           // e
    Stream = 1 << 10,           // t
    KeyMiss = 1 << 11,          // m
    Module = 1 << 13,           // d
    New = 1 << 14,              // n
    Overwritten = 1 << 15,      // o, of Redis 8.2 as the next
    TypeChanged = 1 << 16,      // c
    Subkeyspace = 1 << 17,      // S, of Redis 8.8 as those that follow: channels of fields, beside those of keys
    Subkeyevent = 1 << 18,      // T
    SubkeyspaceItem = 1 << 19,  // I
    SubkeyspaceEvent = 1 << 20, // V

    /// <summary>A: everything but key misses, new keys, and values that are replaced.</summary>
    All = Generic | String | List | Set | Hash | SortedSet | Expired | Evicted | Stream | Module,

    /// <summary>All that can happen, and not where it is told.</summary>
    Happenings = All | KeyMiss | New | Overwritten | TypeChanged,

    /// <summary>The channels that tell of fields.</summary>
    FieldChannels = Subkeyspace | Subkeyevent | SubkeyspaceItem | SubkeyspaceEvent,
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
