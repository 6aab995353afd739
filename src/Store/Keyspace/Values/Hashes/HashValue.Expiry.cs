using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>
/// Fields that expire. The form is marked as long as there are any, and the partition's index has the key by the first of
/// them that does: whoever changes an expiry ends with <see cref="RefreshDue"/>.
/// </content>
internal static partial class HashValue
{
    private const int ExpiresMark = 0;

    /// <summary>Some field of a hash of this form expires.</summary>
    public static bool HasExpiries(ValueForm form) => form.HasMark(ExpiresMark);

    /// <summary>When the first field expires, in milliseconds since 1970, or -1.</summary>
    public static long NextDueMs(CollectionView hash)
    {
        if (hash.Form.IsRooted)
        {
            return HashRoot.Expiries(hash.Root).Count == 0
                ? Database.NoExpiry
                : FieldLayout.ExpiresAtMs(hash.Memory, HashRoot.FirstToExpire(hash.Memory, hash.Root));
        }
        if (!HasExpiries(hash.Form)) return Database.NoExpiry;
        long next = long.MaxValue;
        var fields = new PackedFields(hash.Packed, areTriples: true);
        while (fields.TryNext())
            if (fields.ExpiresAtMs != FieldLayout.Never) next = Math.Min(next, fields.ExpiresAtMs);
        return next == long.MaxValue ? Database.NoExpiry : next;
    }

    /// <summary>Sets when a field expires, <see cref="FieldLayout.Never"/> for never. The field is there.</summary>
    public static void SetExpiry(ref Key key, scoped ReadOnlySpan<byte> field, long expiresAtMs)
    {
        long dueMs = key.FieldsDueMs;
        if (key.Form.Encoding == ValueEncoding.ListPack) key.SetForm(key.Form.With(ValueEncoding.ListPackEx));
        if (key.Form.IsRooted || !TrySetExpiryPacked(ref key, field, expiresAtMs)) SetExpiryInTable(ref key, field, expiresAtMs);
        RefreshDue(ref key, dueMs);
    }

    /// <summary>How many fields are still kept though their time has passed.</summary>
    public static long DueCount(in Key key)
    {
        if (!HasExpiries(key.Form)) return 0;
        if (key.Form.IsRooted)
        {
            SortedBound bound = SortedBound.AfterScore(key.FieldsPastMs);
            return SortedTree.Find(key.Memory, in HashRoot.Expiries(key.Root), bound).Rank;
        }
        long count = 0;
        PackedFields fields = Fields(in key);
        while (fields.TryNext())
            if (IsPast(in key, fields.ExpiresAtMs)) count++;
        return count;
    }

    /// <summary>Takes so many fields out whose time has passed, and shows the name of each to the visitor before.</summary>
    /// <param name="count">No more than <see cref="DueCount"/>.</param>
    public static void RemoveDue<TVisitor>(ref Key key, int count, ref TVisitor visitor)
        where TVisitor : struct, IMemberVisitor, allows ref struct
    {
        long dueMs = key.FieldsDueMs;
        if (key.Form.IsRooted) RemoveDueFromTable(ref key, count, ref visitor);
        else RemoveDuePacked(ref key, count, ref visitor);
        RefreshDue(ref key, dueMs);
    }

    /// <summary>Takes a field out if it is still kept though its time has passed.</summary>
    public static bool RemoveIfDue(ref Key key, scoped ReadOnlySpan<byte> field)
    {
        if (!TryFindKept(in key, field, out long expiresAtMs) || !IsPast(in key, expiresAtMs)) return false;
        SetExpiry(ref key, field, FieldLayout.Never);
        return Remove(ref key, field);
    }

    private static bool TryFindKept(in Key key, scoped ReadOnlySpan<byte> field, out long expiresAtMs)
    {
        expiresAtMs = FieldLayout.Never;
        if (key.Form.IsRooted)
        {
            if (!TryFind(in key, field, out BlockRef block, out _, out _)) return false;
            expiresAtMs = FieldLayout.ExpiresAtMs(key.Memory, block);
            return true;
        }
        PackedFields fields = Fields(in key);
        if (!fields.TryFind(field)) return false;
        expiresAtMs = fields.ExpiresAtMs;
        return true;
    }

    private static bool IsPast(in Key key, long expiresAtMs) => expiresAtMs != FieldLayout.Never && expiresAtMs <= key.FieldsPastMs;

    private static bool IsPast(long expiresAtMs, long pastMs) => expiresAtMs != FieldLayout.Never && expiresAtMs <= pastMs;

    private static ValueForm Marked(ValueForm form, bool expires) => form.WithMark(ExpiresMark, expires);

    /// <summary>When the first field expires, before a field with this expiry changes; not asked where that has none.</summary>
    private static long DueBefore(in Key key, long expiresAtMs) =>
        expiresAtMs == FieldLayout.Never ? Database.NoExpiry : key.FieldsDueMs;

    /// <summary>Sets the mark, and the index, after an expiry has changed.</summary>
    private static void RefreshDue(ref Key key, long beforeMs)
    {
        long dueMs = NextDueMs(key.View);
        bool expires = dueMs >= 0;
        if (HasExpiries(key.Form) != expires)
        {
            if (!key.Form.IsRooted) Rewrite(ref key, asTriples: false);
            key.SetForm(Marked(key.Form, expires));
        }
        key.NoteFieldsDue(beforeMs, dueMs);
    }

    /// <summary>False where the hash has become a table, for want of room.</summary>
    private static bool TrySetExpiryPacked(ref Key key, scoped ReadOnlySpan<byte> field, long expiresAtMs)
    {
        if (!HasExpiries(key.Form))
        {
            if (expiresAtMs == FieldLayout.Never) return true;
            int grown = key.Packed.Length + key.PackedCount * ListPack.SizeOf(PackedFields.WordOf(FieldLayout.Never));
            if (grown > PackedLimits.BytesMax)
            {
                MakeTable(ref key);
                return false;
            }
            Rewrite(ref key, asTriples: true);
            key.SetForm(Marked(key.Form, true));
        }
        PackedFields fields = Fields(in key);
        fields.TryFind(field);
        int at = fields.ExpiryAt;
        int removed = fields.End - at;
        int size = ListPack.SizeOf(PackedFields.WordOf(expiresAtMs));
        if (key.Packed.Length + size - removed > PackedLimits.BytesMax)
        {
            MakeTable(ref key);
            return false;
        }
        ListPack.Write(key.Splice(at, removed, size, 0)[at..], PackedFields.WordOf(expiresAtMs));
        return true;
    }

    /// <summary>Writes pairs, none of which expires yet, as triples; or triples, none of which does any more, as pairs.</summary>
    private static void Rewrite(ref Key key, bool asTriples)
    {
        Span<byte> room = stackalloc byte[PackedLimits.BytesMax];
        int length = 0;
        var fields = new PackedFields(key.Packed, areTriples: !asTriples);
        while (fields.TryNext())
        {
            ReadOnlySpan<byte> pair = key.Packed[fields.FieldAt..fields.ExpiryAt];
            pair.CopyTo(room[length..]);
            length += pair.Length;
            if (asTriples) length += ListPack.Write(room[length..], PackedFields.WordOf(FieldLayout.Never));
        }
        room[..length].CopyTo(key.Splice(0, key.Packed.Length, length, 0));
    }

    private static void SetExpiryInTable(ref Key key, scoped ReadOnlySpan<byte> field, long expiresAtMs)
    {
        TryFind(in key, field, out BlockRef block, out _, out TablePosition position);
        long oldMs = FieldLayout.ExpiresAtMs(key.Memory, block);
        if (oldMs == expiresAtMs) return;
        if (oldMs == FieldLayout.Never || expiresAtMs == FieldLayout.Never)
        {
            BlockRef made = FieldLayout.Make(key.Memory, field, FieldLayout.ValueOf(key.Memory, block), expiresAtMs);
            ReplaceInTable(ref key, block, oldMs, position, made, expiresAtMs);
            return;
        }
        Span<byte> root = key.EditRoot(block);
        HashRoot.RemoveExpiry(key.Memory, root, block, oldMs);
        FieldLayout.SetExpiry(key.Memory, block, expiresAtMs);
        HashRoot.AddExpiry(key.Memory, root, block, expiresAtMs);
    }

    private static void RemoveDueFromTable<TVisitor>(ref Key key, int count, ref TVisitor visitor)
        where TVisitor : struct, IMemberVisitor, allows ref struct
    {
        for (; count > 0; count--)
        {
            BlockRef block = HashRoot.FirstToExpire(key.Memory, key.Root);
            ReadOnlySpan<byte> name = FieldLayout.KeyOf(key.Memory, block);
            visitor.Visit(new ListPackElement(name));
            TryFind(in key, name, out _, out ulong hash, out TablePosition position);
            RemoveFromTable(ref key, block, FieldLayout.ExpiresAtMs(key.Memory, block), hash, position);
        }
    }

    private static void RemoveDuePacked<TVisitor>(ref Key key, int count, ref TVisitor visitor)
        where TVisitor : struct, IMemberVisitor, allows ref struct
    {
        var fields = new PackedFields(key.Packed, areTriples: true);
        while (count > 0 && fields.TryNext())
        {
            if (!IsPast(in key, fields.ExpiresAtMs)) continue;
            visitor.Visit(fields.Field);
            int at = fields.FieldAt;
            key.Splice(at, fields.End - at, 0, -1);
            fields = new PackedFields(key.Packed, areTriples: true, at);
            count--;
        }
    }
}
