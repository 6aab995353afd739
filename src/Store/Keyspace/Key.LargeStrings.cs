using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <content>Strings that are blocks of their own, shared until one of those who have them is written.</content>
public ref partial struct Key
{
    /// <summary>Headroom of a large string that grows: a quarter of its length, so that appending costs O(1) a byte.</summary>
    private const int HeadroomShare = 4;

    private readonly LargeString LargeValue =>
        LargeString.Read(Arena.Span(_block, _shape.TotalBytes)[_shape.ValueOffset..]);

    private Span<byte> ShrinkLarge(int length)
    {
        byte[] kept = String[..length].ToArray();
        PutString(kept, ExpiresAtMs);
        return Arena.Span(_block, _shape.TotalBytes)[_shape.ValueOffset..];
    }

    private void PutLargeString(scoped ReadOnlySpan<byte> value, long expiresAtMs)
    {
        LargeString fresh = NewLargeString(value, value.Length);
        Span<byte> place = Place(StringHead | EntryFlags.LargeValue, EntryLayout.LargeReference, expiresAtMs);
        fresh.WriteTo(place);
    }

    private Span<byte> EditLarge(int length)
    {
        int capacity = (int)Math.Min(length + (long)length / HeadroomShare, int.MaxValue);
        if (!Exists || !_shape.Has(EntryFlags.LargeValue))
        {
            LargeString fresh = NewLargeString(String, Exists ? capacity : length) with { Length = length };
            Arena.Span(fresh.Block, length)[String.Length..].Clear();
            fresh.WriteTo(Place(StringHead | EntryFlags.LargeValue, EntryLayout.LargeReference, ExpiresAtMs));
            return Arena.Span(fresh.Block, length);
        }
        BeforeChange();
        LargeString old = LargeValue;
        LargeString now = Unshared(old, length, capacity);
        now.WriteTo(Arena.Span(_block, _shape.TotalBytes)[_shape.ValueOffset..]);
        Span<byte> value = Arena.Span(now.Block, length);
        if (length > old.Length) value[old.Length..].Clear();
        return value;
    }

    /// <summary>A large string that is this entry's alone and has room for the length.</summary>
    private readonly LargeString Unshared(LargeString old, int length, int capacity)
    {
        if (Arena.ShareCount(old.Block) > 1)
        {
            ReadOnlySpan<byte> kept = Arena.Span(old.Block, Math.Min(old.Length, length));
            LargeString copy = NewLargeString(kept, capacity) with { Length = length };
            Arena.Release(old.Block);
            return copy;
        }
        return length <= old.Capacity
            ? old with { Length = length }
            : new LargeString(Arena.ResizeLarge(old.Block, Math.Max(capacity, Arena.LargeBytesMin)), length, capacity);
    }

    private readonly LargeString NewLargeString(scoped ReadOnlySpan<byte> content, int capacity)
    {
        BlockRef block = Arena.AllocateLarge(Math.Max(capacity, Arena.LargeBytesMin));
        content.CopyTo(Arena.Span(block, content.Length));
        return new LargeString(block, content.Length, capacity);
    }
}
