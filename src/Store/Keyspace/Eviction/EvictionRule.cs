using Galley.Store.Configuration;

namespace Galley.Store.Keyspace.Eviction;

/// <summary>By what keys are ranked when room is wanted.</summary>
internal enum Ranking : byte
{
    /// <summary>No key goes.</summary>
    None,

    /// <summary>Who has rested longest goes first: since the last use (LRU), or since the last change (LRM).</summary>
    Age,

    /// <summary>Who is used least often goes first.</summary>
    Frequency,

    /// <summary>Who would expire first goes first.</summary>
    Expiry,

    /// <summary>Anybody goes.</summary>
    Chance,
}

/// <summary>A <see cref="MaxMemoryPolicy"/> in its two parts.</summary>
/// <param name="IsVolatile">Only keys that expire may go.</param>
internal readonly record struct EvictionRule(Ranking Ranking, bool IsVolatile)
{
    public static EvictionRule Of(MaxMemoryPolicy policy) => policy switch
    {
        MaxMemoryPolicy.AllkeysLru or MaxMemoryPolicy.AllkeysLrm => new(Ranking.Age, IsVolatile: false),
        MaxMemoryPolicy.VolatileLru or MaxMemoryPolicy.VolatileLrm => new(Ranking.Age, IsVolatile: true),
        MaxMemoryPolicy.AllkeysLfu => new(Ranking.Frequency, IsVolatile: false),
        MaxMemoryPolicy.VolatileLfu => new(Ranking.Frequency, IsVolatile: true),
        MaxMemoryPolicy.AllkeysRandom => new(Ranking.Chance, IsVolatile: false),
        MaxMemoryPolicy.VolatileRandom => new(Ranking.Chance, IsVolatile: true),
        MaxMemoryPolicy.VolatileTtl => new(Ranking.Expiry, IsVolatile: true),
        _ => new(Ranking.None, IsVolatile: false),
    };

    /// <summary>The entry may go.</summary>
    public bool Admits(EntryShape shape) => !IsVolatile || shape.Has(EntryFlags.Expires);
}
