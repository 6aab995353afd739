using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>Members at random.</content>
internal static partial class SetValue
{
    /// <summary>A member at random, each as likely as any other, to be taken out or not; the set is not empty.</summary>
    public static DrawnMember Draw(in Key key, Random random)
    {
        if (key.Form.IsRooted)
        {
            TablePosition position = HashTable<MemberLayout>.Draw(
                key.Memory, in SetRoot.Table(key.Root), random, out ulong hash, out BlockRef block);
            if (!position.IsFound) return FirstOf(in key);
            return new DrawnMember(new ListPackElement(MemberLayout.KeyOf(key.Memory, block)), block, hash, position);
        }
        int index = random.Next(key.PackedCount);
        if (IsIntegers(in key)) return new DrawnMember(new ListPackElement(IntSet.At(key.Packed, index)), index);
        int at = ListPack.PositionOf(key.Packed, index, key.PackedCount);
        return new DrawnMember(ListPack.Read(key.Packed, at), at);
    }

    /// <summary>Takes out what was drawn from this set, which has not changed since; the last one leaves an empty set, which the caller deletes.</summary>
    public static void Remove(ref Key key, scoped DrawnMember drawn)
    {
        if (key.Form.IsRooted) RemoveFromTable(ref key, drawn.Block, drawn.Hash, drawn.Position);
        else if (IsIntegers(in key)) RemoveInteger(ref key, drawn.At);
        else RemovePacked(ref key, drawn.At);
    }

    /// <summary>The set is so sparse that no draw has met a member: nearly all that it had was removed.</summary>
    private static DrawnMember FirstOf(in Key key)
    {
        BlockRef block = HashTable<MemberLayout>.Random(key.Memory, in SetRoot.Table(key.Root), Random.Shared);
        ReadOnlySpan<byte> member = MemberLayout.KeyOf(key.Memory, block);
        ulong hash = key.Hashing.Of(member);
        TablePosition position = HashTable<MemberLayout>.Find(key.Memory, in SetRoot.Table(key.Root), hash, member, out _);
        return new DrawnMember(new ListPackElement(member), block, hash, position);
    }
}

/// <summary>A member that was drawn from a set, and where it lies there. Valid as long as the set is not changed.</summary>
internal readonly ref struct DrawnMember
{
    /// <summary>From a packed set.</summary>
    /// <param name="at">Its number among integers, or its position in a pack.</param>
    public DrawnMember(ListPackElement member, int at)
    {
        Member = member;
        At = at;
        Position = TablePosition.None;
    }

    /// <summary>From a table.</summary>
    /// <param name="hash">It leads to the segment of the member.</param>
    public DrawnMember(ListPackElement member, BlockRef block, ulong hash, TablePosition position)
    {
        Member = member;
        Block = block;
        Hash = hash;
        Position = position;
    }

    public ListPackElement Member { get; }

    /// <summary>Where it lies, the same for no other member of the set.</summary>
    public ulong Place => Position.IsFound ? Block.Value : (ulong)At;

    internal int At { get; }

    internal BlockRef Block { get; }

    internal ulong Hash { get; }

    internal TablePosition Position { get; }
}
