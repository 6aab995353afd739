using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>What changes a set.</content>
internal static partial class SetValue
{
    /// <summary>What the integers of the largest packed set take as elements.</summary>
    private const int PackedIntegersBytesMax = ListPack.IntegerBytesMax * (PackedLimits.CountMax);

    /// <summary>Adds a member, and makes the key where it is absent; false when it was there already.</summary>
    public static bool Add(ref Key key, scoped ReadOnlySpan<byte> member)
    {
        if (!key.Exists)
        {
            Create(ref key, member);
            return true;
        }
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
        if (key.Form.IsRooted)
        {
            ulong hash = key.Hashing.Of(member);
            TablePosition position = HashTable<MemberLayout>.Find(key.Memory, in SetRoot.Table(key.Root), hash, member, out BlockRef block);
            if (!position.IsFound) return false;
            RemoveFromTable(ref key, block, hash, position);
            return true;
        }
        if (IsIntegers(in key))
        {
            if (!Numbers.TryParseInt64(member, out long value) || !IntSet.Find(key.Packed, value, out int index)) return false;
            RemoveInteger(ref key, index);
            return true;
        }
        int at = ListPack.Find(key.Packed, member);
        if (at < 0) return false;
        RemovePacked(ref key, at);
        return true;
    }

    /// <summary>Makes the key with its first member, which lies in the entry unless it is too long for that.</summary>
    private static void Create(ref Key key, scoped ReadOnlySpan<byte> first)
    {
        ValueEncoding encoding = SetShape.Of(key.Settings, first, out long value);
        if (encoding == ValueEncoding.IntSet)
        {
            int width = IntSet.WidthOf(value);
            Span<byte> set = key.PlacePacked(KeyType.Set, ValueForm.Packed(encoding), 1, IntSet.Head + width, Database.NoExpiry);
            set[0] = (byte)width;
            IntSet.Put(set, 0, value);
            return;
        }
        if (first.Length > PackedLimits.BytesMax || ListPack.SizeOf(first) > PackedLimits.BytesMax)
        {
            key.PlaceRoot(KeyType.Set, ValueForm.Rooted(encoding), Database.NoExpiry);
            AddToTable(ref key, first);
            return;
        }
        ListPack.Write(key.PlacePacked(KeyType.Set, ValueForm.Packed(encoding), 1, ListPack.SizeOf(first), Database.NoExpiry), first);
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
        return SetShape.Next(key.Settings, ValueEncoding.IntSet, key.PackedCount + 1, longest, isInteger: false);
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
        ShowEncodingFor(ref key, key.PackedCount + 1, member);
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

    /// <summary>Shows what redis-server would once it has so many members, of which this one is the last added.</summary>
    private static void ShowEncodingFor(ref Key key, long count, scoped ReadOnlySpan<byte> member)
    {
        ValueForm form = key.Form;
        if (form.Encoding == ValueEncoding.HashTable) return;
        bool isInteger = form.Encoding == ValueEncoding.IntSet && Numbers.TryParseInt64(member, out _);
        key.SetForm(form.With(SetShape.Next(key.Settings, form.Encoding, count, member.Length, isInteger)));
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
        ShowEncodingFor(ref key, Count(in key) + 1, member);
        ref HashTableRoot table = ref SetRoot.Table(key.EditRoot(member));
        HashTable<MemberLayout>.Insert(key.Memory, ref table, key.Hashing, hash, MemberLayout.Make(key.Memory, member));
        return true;
    }

    private static void RemoveInteger(ref Key key, int index)
    {
        int width = IntSet.Width(key.Packed);
        key.Splice(IntSet.Head + index * width, width, 0, -1);
    }

    private static void RemovePacked(ref Key key, int at) => key.Splice(at, ListPack.Next(key.Packed, at) - at, 0, -1);

    private static void RemoveFromTable(ref Key key, BlockRef block, ulong hash, TablePosition position)
    {
        ref HashTableRoot table = ref SetRoot.Table(key.EditRoot(block));
        HashTable<MemberLayout>.Remove(key.Memory, ref table, hash, position);
        MemberLayout.Free(key.Memory, block);
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
