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
    /// <summary>What the integers of the largest packed set take as elements.</summary>
    private const int PackedIntegersBytesMax = ListPack.IntegerBytesMax * (PackedLimits.CountMax);

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

    /// <summary>Adds a member, and makes the key where it is absent; false when it was there already.</summary>
    public static bool Add(ref Key key, scoped ReadOnlySpan<byte> member)
    {
        if (!key.Exists) Create(ref key, member);
        ValueForm form = key.Form;
        if (form.IsRooted) return AddToTable(ref key, member);
        if (!IsIntegers(in key)) return AddPacked(ref key, member);
        if (Numbers.TryParseInt64(member, out long value)) return AddInteger(ref key, value, member);
        LeaveIntegers(ref key, EncodingBeside(in key, member.Length), member.Length);
        return Add(ref key, member);
    }

    /// <summary>Takes a member out; the last one leaves an empty set, which the caller deletes.</summary>
    public static bool Remove(ref Key key, ReadOnlySpan<byte> member)
    {
        if (key.Form.IsRooted) return RemoveFromTable(ref key, member);
        if (IsIntegers(in key))
        {
            if (!Numbers.TryParseInt64(member, out long value) || !IntSet.Find(key.Packed, value, out int index)) return false;
            int width = IntSet.Width(key.Packed);
            key.Splice(IntSet.Head + index * width, width, 0, -1);
            return true;
        }
        int at = ListPack.Find(key.Packed, member);
        if (at < 0) return false;
        key.Splice(at, ListPack.Next(key.Packed, at) - at, 0, -1);
        return true;
    }

    public static long Count(CollectionView set) => set.Form.IsRooted ? SetRoot.Table(set.Root).Count : set.PackedCount;

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

    /// <summary>A member at random, each as likely as any other; the set is not empty.</summary>
    public static ListPackElement Random(in Key key, Random random)
    {
        if (key.Form.IsRooted)
        {
            BlockRef block = HashTable<MemberLayout>.Random(key.Memory, in SetRoot.Table(key.Root), random);
            return new ListPackElement(MemberLayout.KeyOf(key.Memory, block));
        }
        int index = random.Next(key.PackedCount);
        return IsIntegers(in key)
            ? new ListPackElement(IntSet.At(key.Packed, index))
            : ListPack.Read(key.Packed, ListPack.PositionOf(key.Packed, index, key.PackedCount));
    }

    private static bool IsIntegers(in Key key) => key.Form.Encoding == ValueEncoding.IntSet;

    private static void Create(ref Key key, scoped ReadOnlySpan<byte> first)
    {
        bool isInteger = Numbers.TryParseInt64(first, out long value) && key.Settings.SetIntsetEntriesMax > 0;
        if (isInteger)
        {
            Span<byte> set = key.PlacePacked(KeyType.Set, ValueForm.Packed(ValueEncoding.IntSet), 0, IntSet.Head, Database.NoExpiry);
            set[0] = (byte)IntSet.WidthOf(value);
            return;
        }
        bool isShort = key.Settings.SetListpackEntriesMax > 0 && first.Length <= key.Settings.SetListpackValueBytesMax;
        key.PlacePacked(KeyType.Set, ValueForm.Packed(isShort ? ValueEncoding.ListPack : ValueEncoding.HashTable), 0, 0, Database.NoExpiry);
    }

    private static bool AddInteger(ref Key key, long value, scoped ReadOnlySpan<byte> text)
    {
        if (IntSet.Find(key.Packed, value, out int index)) return false;
        int width = Math.Max(IntSet.Width(key.Packed), IntSet.WidthOf(value));
        int count = key.PackedCount + 1;
        bool isTooMany = count > key.Settings.SetIntsetEntriesMax;
        if (isTooMany || IntSet.Head + count * width > PackedLimits.IntegersBytesMax)
        {
            if (isTooMany) LeaveIntegers(ref key, ValueEncoding.HashTable, text.Length);
            else MakeTable(ref key, ValueEncoding.IntSet);
            return Add(ref key, text);
        }
        if (width > IntSet.Width(key.Packed)) Widen(ref key, width);
        Span<byte> set = key.Splice(IntSet.Head + index * width, 0, width, +1);
        IntSet.Put(set, index, value);
        return true;
    }

    private static void Widen(ref Key key, int width)
    {
        Span<byte> narrow = stackalloc byte[PackedLimits.IntegersBytesMax];
        narrow = narrow[..key.Packed.Length];
        key.Packed.CopyTo(narrow);
        int bytes = IntSet.Head + key.PackedCount * width;
        Span<byte> wide = key.PlacePacked(KeyType.Set, key.Form, key.PackedCount, bytes, key.ExpiresAtMs);
        wide[0] = (byte)width;
        IntSet.CopyTo(narrow, wide);
    }

    /// <summary>What redis-server would show of a set of integers to which a text of this length is added.</summary>
    private static ValueEncoding EncodingBeside(in Key key, int textLength)
    {
        int longest = Math.Max(textLength, LongestInteger(key.Packed));
        bool isListPack = key.PackedCount < key.Settings.SetListpackEntriesMax && longest <= key.Settings.SetListpackValueBytesMax;
        return isListPack ? ValueEncoding.ListPack : ValueEncoding.HashTable;
    }

    /// <summary>The set is about to hold what is no integer, or too many: it gets the form of other members.</summary>
    private static void LeaveIntegers(ref Key key, ValueEncoding encoding, int addedLength)
    {
        if (key.PackedCount >= PackedLimits.CountMax || addedLength > PackedLimits.BytesMax)
        {
            MakeTable(ref key, encoding);
            return;
        }
        Span<byte> room = stackalloc byte[PackedIntegersBytesMax];
        int length = 0;
        for (int i = 0; i < key.PackedCount; i++) length += ListPack.Write(room[length..], IntSet.At(key.Packed, i));
        Span<byte> place = key.PlacePacked(KeyType.Set, ValueForm.Packed(encoding), key.PackedCount, length, key.ExpiresAtMs);
        room[..length].CopyTo(place);
    }

    /// <summary>The smallest and the largest have the most digits.</summary>
    private static int LongestInteger(ReadOnlySpan<byte> set)
    {
        int count = IntSet.Count(set);
        return count == 0 ? 0
            : Math.Max(new ListPackElement(IntSet.At(set, 0)).Length, new ListPackElement(IntSet.At(set, count - 1)).Length);
    }

    private static bool AddPacked(ref Key key, scoped ReadOnlySpan<byte> member)
    {
        if (ListPack.Find(key.Packed, member) >= 0) return false;
        ShowEncodingFor(ref key, key.PackedCount + 1, member.Length);
        int size = ListPack.SizeOf(member);
        int at = key.Packed.Length;
        if (key.PackedCount == PackedLimits.CountMax || at + size > PackedLimits.BytesMax)
        {
            MakeTable(ref key, key.Form.Encoding);
            return AddToTable(ref key, member);
        }
        Span<byte> packed = key.Splice(at, 0, size, +1);
        ListPack.Write(packed[at..], member);
        return true;
    }

    /// <summary>What redis-server would show once it has so many members, of which one is so long.</summary>
    private static void ShowEncodingFor(ref Key key, long count, int longest)
    {
        ValueForm form = key.Form;
        bool stays = form.Encoding switch
        {
            ValueEncoding.IntSet => count <= key.Settings.SetIntsetEntriesMax,
            ValueEncoding.ListPack =>
                count <= key.Settings.SetListpackEntriesMax && longest <= key.Settings.SetListpackValueBytesMax,
            _ => true,
        };
        if (!stays) key.SetForm(form.With(ValueEncoding.HashTable));
    }

    private static void MakeTable(ref Key key, ValueEncoding encoding)
    {
        Arena arena = key.Memory;
        var filling = new Filling(arena, key.Hashing);
        Each(in key, ref filling);
        Span<byte> root = key.PlaceRoot(KeyType.Set, ValueForm.Rooted(encoding), key.ExpiresAtMs);
        SetRoot.Table(root) = filling.Table;
    }

    private static bool AddToTable(ref Key key, scoped ReadOnlySpan<byte> member)
    {
        ulong hash = key.Hashing.Of(member);
        if (HashTable<MemberLayout>.Find(key.Memory, in SetRoot.Table(key.Root), hash, member, out _).IsFound) return false;
        bool isInteger = key.Form.Encoding == ValueEncoding.IntSet && Numbers.TryParseInt64(member, out _);
        if (key.Form.Encoding == ValueEncoding.IntSet && !isInteger) key.SetForm(key.Form.With(ValueEncoding.HashTable));
        ShowEncodingFor(ref key, Count(in key) + 1, member.Length);
        ref HashTableRoot table = ref SetRoot.Table(key.EditRoot());
        HashTable<MemberLayout>.Insert(key.Memory, ref table, key.Hashing, hash, MemberLayout.Make(key.Memory, member));
        return true;
    }

    private static bool RemoveFromTable(ref Key key, ReadOnlySpan<byte> member)
    {
        ulong hash = key.Hashing.Of(member);
        TablePosition position = HashTable<MemberLayout>.Find(key.Memory, in SetRoot.Table(key.Root), hash, member, out BlockRef block);
        if (!position.IsFound) return false;
        ref HashTableRoot table = ref SetRoot.Table(key.EditRoot());
        HashTable<MemberLayout>.Remove(key.Memory, ref table, hash, position);
        MemberLayout.Free(key.Memory, block);
        return true;
    }

    /// <summary>Shows the blocks of a table as members.</summary>
    private ref struct Members<TVisitor>(Arena arena, TVisitor visitor) : IBlockVisitor
        where TVisitor : struct, IMemberVisitor, allows ref struct
    {
        private readonly Arena _arena = arena;

        public TVisitor Visitor = visitor;

        public void Visit(BlockRef block) => Visitor.Visit(new ListPackElement(MemberLayout.KeyOf(_arena, block)));
    }

    /// <summary>Puts members into a table.</summary>
    private struct Filling(Arena arena, KeyedHash hashing) : IMemberVisitor
    {
        public HashTableRoot Table;

        public void Visit(ListPackElement member)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            ReadOnlySpan<byte> text = member.TextIn(digits);
            HashTable<MemberLayout>.Insert(arena, ref Table, hashing, hashing.Of(text), MemberLayout.Make(arena, text));
        }
    }
}
