namespace Galley.Store.Types;

/// <summary>What is known of a whole by a part of it.</summary>
internal static class Sampling
{
    /// <summary>The bytes of all elements, of which so many were met and take so much; the product may need more than 63 bits.</summary>
    public static long OfAll(long bytes, long count, long met) => (long)((Int128)bytes * count / met);
}
