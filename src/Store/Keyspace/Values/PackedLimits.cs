namespace Galley.Store.Keyspace.Values;

/// <summary>
/// Up to where a collection stays packed in its entry, whatever encoding is shown. A look-up walks over all of it: 128
/// elements of ordinary length are met in about half a microsecond, and copied in as little when the entry grows.
/// </summary>
internal static class PackedLimits
{
    /// <summary>Elements of a set; fields of a hash; members of a sorted set.</summary>
    public const int CountMax = 128;

    /// <summary>Bytes of the elements together.</summary>
    public const int BytesMax = 4 * 1024;

    /// <summary>Bytes of a set of integers, in which a look-up does not walk.</summary>
    public const int IntegersBytesMax = 8 * 1024;
}
