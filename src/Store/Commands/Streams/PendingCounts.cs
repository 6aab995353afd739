namespace Galley.Store.Commands.Streams;

/// <summary>How often a pending entry was delivered.</summary>
internal static class PendingCounts
{
    /// <summary>XNACK FATAL: so often that whoever counts gives up on it.</summary>
    public const long Fatal = long.MaxValue;

    /// <summary>Once more; the greatest number stays.</summary>
    public static long After(long count) => count == long.MaxValue ? count : count + 1;
}
