namespace Galley.Store.Keyspace.Rdb;

/// <summary>The versions of the format that Galley writes and reads.</summary>
internal static class RdbVersion
{
    /// <summary>What redis-server 7.0 writes and reads.</summary>
    public const int Plain = 10;

    /// <summary>What Redis 7.2 brought: consumers of streams that know when they last got something.</summary>
    public const int WithActiveTimes = 11;

    /// <summary>What Redis 7.4 brought: hashes whose fields expire.</summary>
    public const int WithFieldExpiry = 12;

    /// <summary>The newest of Redis. What a newer one adds is a form or an opcode, and refused by its number.</summary>
    private const int RedisMax = 16;

    /// <summary>Valkey counts from here on.</summary>
    private const int ValkeyMin = 80;

    private const int ValkeyMax = 81;

    public static bool IsReadable(int version) => version is >= 1 and <= RedisMax or >= ValkeyMin and <= ValkeyMax;

    public static bool IsValkey(int version) => version >= ValkeyMin;
}
