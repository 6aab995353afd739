using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// Hashes, for those who do not want to know how they lie in memory: packed fields and values by turns, or a table
/// (<see cref="HashRoot"/>). Key is a hash, or is absent where that is said.
/// </summary>
internal static class HashValue
{
    private const int WordsPerField = 2;

    public static long Count(in Key key) => key.Exists ? Count(key.View) : 0;

    public static long Count(CollectionView hash) => hash.Form.IsRooted ? HashRoot.Table(hash.Root).Count : hash.PackedCount;

    /// <summary>The value of a field; false where it is not there.</summary>
    public static bool TryGet(in Key key, ReadOnlySpan<byte> field, out ListPackElement value)
    {
        value = default;
        if (!key.Exists) return false;
        if (key.Form.IsRooted)
        {
            if (!TryFind(in key, field, out BlockRef block, out _, out _)) return false;
            value = new ListPackElement(FieldLayout.ValueOf(key.Memory, block));
            return true;
        }
        int at = ListPack.Find(key.Packed, field, WordsPerField);
        if (at < 0) return false;
        value = ListPack.Read(key.Packed, ListPack.Next(key.Packed, at));
        return true;
    }

    public static bool Contains(in Key key, ReadOnlySpan<byte> field) => TryGet(in key, field, out _);

    /// <summary>Gives a field this value, and makes the key where it is absent. True when the field is new.</summary>
    public static bool Set(ref Key key, scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value)
    {
        if (!key.Exists) Create(ref key);
        int longest = Math.Max(field.Length, value.Length);
        if (key.Form.IsRooted) return SetInTable(ref key, field, value, longest);
        int at = ListPack.Find(key.Packed, field, WordsPerField);
        ShowEncodingFor(ref key, key.PackedCount + (at < 0 ? 1 : 0), longest);
        int valueAt = at < 0 ? key.Packed.Length : ListPack.Next(key.Packed, at);
        int removed = at < 0 ? 0 : ListPack.Next(key.Packed, valueAt) - valueAt;
        int fieldSize = at < 0 ? ListPack.SizeOf(field) : 0;
        int size = fieldSize + ListPack.SizeOf(value);
        bool isFull = at < 0 && key.PackedCount == PackedLimits.CountMax;
        if (isFull || key.Packed.Length + size - removed > PackedLimits.BytesMax)
        {
            MakeTable(ref key);
            return SetInTable(ref key, field, value, longest);
        }
        Span<byte> place = key.Splice(valueAt, removed, size, at < 0 ? +1 : 0)[valueAt..];
        if (at < 0) ListPack.Write(place, field);
        ListPack.Write(place[fieldSize..], value);
        return at < 0;
    }

    /// <summary>Takes a field out; the last one leaves an empty hash, which the caller deletes.</summary>
    public static bool Remove(ref Key key, ReadOnlySpan<byte> field)
    {
        if (!key.Form.IsRooted)
        {
            int at = ListPack.Find(key.Packed, field, WordsPerField);
            if (at < 0) return false;
            key.Splice(at, ListPack.Skip(key.Packed, at, WordsPerField) - at, 0, -1);
            return true;
        }
        if (!TryFind(in key, field, out BlockRef block, out ulong hash, out TablePosition position)) return false;
        HashTable<FieldLayout>.Remove(key.Memory, ref HashRoot.Table(key.EditRoot()), hash, position);
        FieldLayout.Free(key.Memory, block);
        return true;
    }

    /// <summary>Shows every field and its value to the visitor.</summary>
    public static void Each<TVisitor>(in Key key, ref TVisitor visitor) where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        if (key.Exists) Scan(key.View, 0, int.MaxValue, ref visitor);
    }

    /// <summary>
    /// Shows the visitor at least so many fields from the cursor on, and returns the next cursor, 0 at the end; a packed
    /// hash is shown whole.
    /// </summary>
    public static ulong Scan<TVisitor>(CollectionView hash, ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        if (hash.Form.IsRooted)
        {
            var fields = new Fields<TVisitor>(hash.Memory, visitor);
            cursor = HashTable<FieldLayout>.Scan(hash.Memory, in HashRoot.Table(hash.Root), cursor, count, ref fields);
            visitor = fields.Visitor;
            return cursor;
        }
        ReadOnlySpan<byte> pack = hash.Packed;
        for (int at = 0; at < pack.Length;)
        {
            int valueAt = ListPack.Next(pack, at);
            visitor.Visit(ListPack.Read(pack, at), ListPack.Read(pack, valueAt));
            at = ListPack.Next(pack, valueAt);
        }
        return 0;
    }

    /// <summary>A field at random and its value, each as likely as any other; the hash is not empty.</summary>
    public static void Random(in Key key, Random random, out ListPackElement field, out ListPackElement value)
    {
        if (key.Form.IsRooted)
        {
            BlockRef block = HashTable<FieldLayout>.Random(key.Memory, in HashRoot.Table(key.Root), random);
            field = new ListPackElement(FieldLayout.KeyOf(key.Memory, block));
            value = new ListPackElement(FieldLayout.ValueOf(key.Memory, block));
            return;
        }
        ReadOnlySpan<byte> pack = key.Packed;
        int at = ListPack.PositionOf(pack, random.Next(key.PackedCount) * WordsPerField, key.PackedCount * WordsPerField);
        field = ListPack.Read(pack, at);
        value = ListPack.Read(pack, ListPack.Next(pack, at));
    }

    private static void Create(ref Key key)
    {
        ValueEncoding encoding = key.Settings.HashListpackEntriesMax > 0 ? ValueEncoding.ListPack : ValueEncoding.HashTable;
        key.PlacePacked(KeyType.Hash, ValueForm.Packed(encoding), 0, 0, Database.NoExpiry);
    }

    /// <summary>What redis-server would show once it has so many fields, of which one, or its value, is so long.</summary>
    private static void ShowEncodingFor(ref Key key, long count, int longest)
    {
        if (key.Form.Encoding == ValueEncoding.HashTable) return;
        bool stays = count <= key.Settings.HashListpackEntriesMax && longest <= key.Settings.HashListpackValueBytesMax;
        if (!stays) key.SetForm(key.Form.With(ValueEncoding.HashTable));
    }

    private static void MakeTable(ref Key key)
    {
        var filling = new Filling(key.Memory, key.Hashing);
        Each(in key, ref filling);
        Span<byte> root = key.PlaceRoot(KeyType.Hash, ValueForm.Rooted(key.Form.Encoding), key.ExpiresAtMs);
        HashRoot.Table(root) = filling.Table;
    }

    private static bool SetInTable(ref Key key, scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, int longest)
    {
        bool isThere = TryFind(in key, field, out BlockRef block, out ulong hash, out TablePosition position);
        ShowEncodingFor(ref key, Count(in key) + (isThere ? 0 : 1), longest);
        ref HashTableRoot table = ref HashRoot.Table(key.EditRoot());
        if (isThere && FieldLayout.TrySetValue(key.Memory, block, value)) return false;
        BlockRef made = FieldLayout.Make(key.Memory, field, value);
        if (!isThere)
        {
            HashTable<FieldLayout>.Insert(key.Memory, ref table, key.Hashing, hash, made);
            return true;
        }
        HashTable<FieldLayout>.Replace(key.Memory, position, made);
        FieldLayout.Free(key.Memory, block);
        return false;
    }

    private static bool TryFind(in Key key, ReadOnlySpan<byte> field, out BlockRef block, out ulong hash, out TablePosition position)
    {
        hash = key.Hashing.Of(field);
        position = HashTable<FieldLayout>.Find(key.Memory, in HashRoot.Table(key.Root), hash, field, out block);
        return position.IsFound;
    }

    /// <summary>Shows the blocks of a table as fields.</summary>
    private ref struct Fields<TVisitor>(Arena arena, TVisitor visitor) : IBlockVisitor
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        private readonly Arena _arena = arena;

        public TVisitor Visitor = visitor;

        public void Visit(BlockRef block) => Visitor.Visit(
            new ListPackElement(FieldLayout.KeyOf(_arena, block)), new ListPackElement(FieldLayout.ValueOf(_arena, block)));
    }

    /// <summary>Puts fields into a table.</summary>
    private struct Filling(Arena arena, KeyedHash hashing) : IFieldVisitor
    {
        public HashTableRoot Table;

        public void Visit(scoped ListPackElement field, scoped ListPackElement value)
        {
            Span<byte> fieldDigits = stackalloc byte[Numbers.IntegerBytesMax];
            Span<byte> valueDigits = stackalloc byte[Numbers.IntegerBytesMax];
            ReadOnlySpan<byte> name = field.TextIn(fieldDigits);
            BlockRef block = FieldLayout.Make(arena, name, value.TextIn(valueDigits));
            HashTable<FieldLayout>.Insert(arena, ref Table, hashing, hashing.Of(name), block);
        }
    }
}

/// <summary>What is done with each field met. It must not change the hash that it is shown.</summary>
internal interface IFieldVisitor
{
    void Visit(scoped ListPackElement field, scoped ListPackElement value);
}
