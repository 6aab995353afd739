using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// Hashes, for those who do not want to know how they lie in memory: packed fields (<see cref="PackedFields"/>), or a
/// table of them (<see cref="HashRoot"/>). Key is a hash, or is absent where that is said. A field whose time has passed is
/// not there for anybody here, but for those who take such fields away.
/// </summary>
internal static partial class HashValue
{
    /// <summary>How many fields it has.</summary>
    public static long Count(in Key key) => key.Exists ? Count(key.View) - DueCount(in key) : 0;

    /// <summary>How many fields it has, those included whose time has passed.</summary>
    public static long Count(CollectionView hash) => hash.Form.IsRooted ? HashRoot.Table(hash.Root).Count : hash.PackedCount;

    /// <summary>Nothing is left, not even fields whose time has passed: the key is to be deleted.</summary>
    public static bool IsEmpty(in Key key) => Count(key.View) == 0;

    /// <summary>The value of a field; false where it is not there.</summary>
    public static bool TryGet(in Key key, scoped ReadOnlySpan<byte> field, out ListPackElement value) =>
        TryGet(in key, field, out value, out _);

    /// <summary>The value of a field, and when it expires; false where it is not there.</summary>
    /// <param name="expiresAtMs">In milliseconds since 1970, or <see cref="FieldLayout.Never"/>.</param>
    public static bool TryGet(in Key key, scoped ReadOnlySpan<byte> field, out ListPackElement value, out long expiresAtMs)
    {
        value = default;
        expiresAtMs = FieldLayout.Never;
        if (!key.Exists) return false;
        if (key.Form.IsRooted)
        {
            if (!TryFind(in key, field, out BlockRef block, out _, out _)) return false;
            value = new ListPackElement(FieldLayout.ValueOf(key.Memory, block));
            expiresAtMs = FieldLayout.ExpiresAtMs(key.Memory, block);
        }
        else
        {
            PackedFields fields = Fields(in key);
            if (!fields.TryFind(field)) return false;
            value = fields.Value;
            expiresAtMs = fields.ExpiresAtMs;
        }
        return !IsPast(in key, expiresAtMs);
    }

    public static bool Contains(in Key key, scoped ReadOnlySpan<byte> field) => TryGet(in key, field, out _, out _);

    /// <summary>Gives a field this value, and makes the key where it is absent. True when the field is new.</summary>
    /// <param name="keepsExpiry">The field expires when it did before; else it stays from now on.</param>
    public static bool Set(ref Key key, scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, bool keepsExpiry = false)
    {
        if (!key.Exists) Create(ref key);
        return key.Form.IsRooted ? SetInTable(ref key, field, value, keepsExpiry) : SetPacked(ref key, field, value, keepsExpiry);
    }

    /// <summary>Takes a field out; the last one leaves an empty hash, which the caller deletes.</summary>
    public static bool Remove(ref Key key, scoped ReadOnlySpan<byte> field)
    {
        if (key.Form.IsRooted)
        {
            if (!TryFind(in key, field, out BlockRef block, out ulong hash, out TablePosition position)) return false;
            long expiresAtMs = FieldLayout.ExpiresAtMs(key.Memory, block);
            if (IsPast(in key, expiresAtMs)) return false;
            long dueMs = DueBefore(in key, expiresAtMs);
            RemoveFromTable(ref key, block, expiresAtMs, hash, position);
            if (expiresAtMs != FieldLayout.Never) RefreshDue(ref key, dueMs);
            return true;
        }
        PackedFields fields = Fields(in key);
        if (!fields.TryFind(field) || IsPast(in key, fields.ExpiresAtMs)) return false;
        long packedDueMs = DueBefore(in key, fields.ExpiresAtMs);
        key.Splice(fields.FieldAt, fields.End - fields.FieldAt, 0, -1);
        if (fields.ExpiresAtMs != FieldLayout.Never) RefreshDue(ref key, packedDueMs);
        return true;
    }

    /// <summary>Shows every field and its value to the visitor.</summary>
    public static void Each<TVisitor>(in Key key, ref TVisitor visitor) where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        if (key.Exists) Scan(in key, 0, int.MaxValue, ref visitor);
    }

    /// <summary>
    /// Shows the visitor at least so many fields from the cursor on, fewer where their time has passed, and returns the
    /// next cursor, 0 at the end; a packed hash is shown whole.
    /// </summary>
    public static ulong Scan<TVisitor>(in Key key, ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct =>
        Scan(key.View, cursor, count, HasExpiries(key.Form) ? key.FieldsPastMs : long.MinValue, ref visitor);

    /// <summary>Shows every field of a hash to the visitor, those included whose time has passed.</summary>
    public static void EachKept<TVisitor>(CollectionView hash, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct => Scan(hash, 0, int.MaxValue, long.MinValue, ref visitor);

    /// <summary>
    /// A field at random and its value, each as likely as any other; the hash has fields, and none whose time has passed.
    /// </summary>
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
        int words = PackedFields.WordsPerField(HasExpiries(key.Form));
        int at = ListPack.PositionOf(pack, random.Next(key.PackedCount) * words, key.PackedCount * words);
        field = ListPack.Read(pack, at);
        value = ListPack.Read(pack, ListPack.Next(pack, at));
    }

    private static ulong Scan<TVisitor>(CollectionView hash, ulong cursor, int count, long pastMs, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        if (hash.Form.IsRooted)
        {
            var showing = new Showing<TVisitor>(hash.Memory, pastMs, visitor);
            cursor = HashTable<FieldLayout>.Scan(hash.Memory, in HashRoot.Table(hash.Root), cursor, count, ref showing);
            visitor = showing.Visitor;
            return cursor;
        }
        var fields = new PackedFields(hash.Packed, HasExpiries(hash.Form));
        while (fields.TryNext())
            if (!IsPast(fields.ExpiresAtMs, pastMs)) visitor.Visit(fields.Field, fields.Value, fields.ExpiresAtMs);
        return 0;
    }

    private static PackedFields Fields(in Key key) => new(key.Packed, HasExpiries(key.Form));

    private static bool TryFind(in Key key, scoped ReadOnlySpan<byte> field, out BlockRef block, out ulong hash, out TablePosition position)
    {
        hash = key.Hashing.Of(field);
        position = HashTable<FieldLayout>.Find(key.Memory, in HashRoot.Table(key.Root), hash, field, out block);
        return position.IsFound;
    }

    /// <summary>Shows the blocks of a table as fields.</summary>
    private ref struct Showing<TVisitor>(Arena arena, long pastMs, TVisitor visitor) : IBlockVisitor
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        private readonly Arena _arena = arena;
        private readonly long _pastMs = pastMs;

        public TVisitor Visitor = visitor;

        public void Visit(BlockRef block)
        {
            long expiresAtMs = FieldLayout.ExpiresAtMs(_arena, block);
            if (IsPast(expiresAtMs, _pastMs)) return;
            Visitor.Visit(
                new ListPackElement(FieldLayout.KeyOf(_arena, block)), new ListPackElement(FieldLayout.ValueOf(_arena, block)), expiresAtMs);
        }
    }
}

/// <summary>What is done with each field met. It must not change the hash that it is shown.</summary>
internal interface IFieldVisitor
{
    /// <param name="expiresAtMs">In milliseconds since 1970, or <see cref="FieldLayout.Never"/>.</param>
    void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs);
}
