using Galley.Resp.Protocol;
using Galley.Store.Configuration;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// Sets, for those who do not want to know how they lie in memory: integers in order (<see cref="IntSet"/>), packed
/// members (<see cref="ListPack"/>), or a hash table of them. Key is a set, or is absent where that is said.
/// </summary>
internal static partial class SetValue
{
    public static long Count(in Key key) =>
        !key.Exists ? 0 : key.Form.IsRooted ? SetRoot.Table(key.Root).Count : key.PackedCount;

    public static bool Contains(in Key key, ReadOnlySpan<byte> member)
    {
        if (!key.Exists) return false;
        if (key.Form.IsRooted)
        {
            ulong hash = key.Hashing.Of(member);
            return HashTable<MemberLayout>.Find(key.Memory, in SetRoot.Table(key.Root), hash, member, out _).IsFound;
        }
        if (!IsIntegers(in key)) return ListPack.Find(key.Packed, member) >= 0;
        return Numbers.TryParseInt64(member, out long value) && IntSet.Find(key.Packed, value, out _);
    }

    /// <summary>As the other, of a member of some set.</summary>
    public static bool Contains(in Key key, ListPackElement member)
    {
        if (member.IsInteger && key.Exists && !key.Form.IsRooted && IsIntegers(in key)) return IntSet.Find(key.Packed, member.Integer, out _);
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        return Contains(in key, member.TextIn(digits));
    }

    public static long Count(CollectionView set) => set.Form.IsRooted ? SetRoot.Table(set.Root).Count : set.PackedCount;

    /// <summary>Whether a walk over the set is in the order of its members: they are integers, and lie in it as such.</summary>
    public static bool IsOrdered(in Key key) => key.Exists && !key.Form.IsRooted && IsIntegers(in key);

    /// <summary>Shows every member to the visitor.</summary>
    public static void Each<TVisitor>(in Key key, ref TVisitor visitor) where TVisitor : struct, IMemberVisitor, allows ref struct =>
        Scan(in key, 0, int.MaxValue, ref visitor);

    /// <summary>
    /// Shows the visitor at least so many members from the cursor on, and returns the next cursor, 0 at the end; a
    /// packed set is shown whole.
    /// </summary>
    public static ulong Scan<TVisitor>(in Key key, ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IMemberVisitor, allows ref struct =>
        key.Exists ? Scan(key.View, cursor, count, ref visitor) : 0;

    /// <summary>As the other, of a set that is there.</summary>
    public static ulong Scan<TVisitor>(CollectionView set, ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IMemberVisitor, allows ref struct
    {
        if (set.Form.IsRooted)
        {
            var members = new Members<TVisitor>(set.Memory, visitor);
            cursor = HashTable<MemberLayout>.Scan(set.Memory, in SetRoot.Table(set.Root), cursor, count, ref members);
            visitor = members.Visitor;
            return cursor;
        }
        ReadOnlySpan<byte> packed = set.Packed;
        if (set.Form.Encoding == ValueEncoding.IntSet)
        {
            for (int i = 0; i < set.PackedCount; i++) visitor.Visit(new ListPackElement(IntSet.At(packed, i)));
            return 0;
        }
        for (int at = 0; at < packed.Length; at = ListPack.Next(packed, at)) visitor.Visit(ListPack.Read(packed, at));
        return 0;
    }

    private static bool IsIntegers(in Key key) => key.Form.Encoding == ValueEncoding.IntSet;

    /// <summary>Shows the blocks of a table as members.</summary>
    private ref struct Members<TVisitor>(Arena arena, TVisitor visitor) : IBlockVisitor
        where TVisitor : struct, IMemberVisitor, allows ref struct
    {
        private readonly Arena _arena = arena;

        public TVisitor Visitor = visitor;

        public void Visit(BlockRef block) => Visitor.Visit(new ListPackElement(MemberLayout.KeyOf(_arena, block)));
    }
}
