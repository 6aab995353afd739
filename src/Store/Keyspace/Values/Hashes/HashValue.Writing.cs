using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>How a value is given to a field, in either form, and the way from the one to the other.</content>
internal static partial class HashValue
{
    private static void Create(ref Key key)
    {
        ValueEncoding encoding = key.Settings.HashListpackEntriesMax > 0 ? ValueEncoding.ListPack : ValueEncoding.HashTable;
        key.PlacePacked(KeyType.Hash, ValueForm.Packed(encoding), 0, 0, Database.NoExpiry);
    }

    private static bool SetPacked(ref Key key, scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, bool keepsExpiry)
    {
        bool areTriples = HasExpiries(key.Form);
        PackedFields old = Fields(in key);
        bool isThere = old.TryFind(field);
        bool isNew = !isThere || IsPast(in key, old.ExpiresAtMs);
        long expiresAtMs = keepsExpiry && !isNew ? old.ExpiresAtMs : FieldLayout.Never;
        int added = isThere ? 0 : 1;
        ShowEncodingFor(ref key, key.PackedCount + added, field, value);

        int at = isThere ? old.ValueAt : key.Packed.Length;
        int removed = isThere ? old.End - old.ValueAt : 0;
        int size = ListPack.SizeOf(value);
        if (!isThere) size += ListPack.SizeOf(field);
        if (areTriples) size += ListPack.SizeOf(PackedFields.WordOf(expiresAtMs));
        if (key.PackedCount + added > PackedLimits.CountMax || key.Packed.Length + size - removed > PackedLimits.BytesMax)
        {
            MakeTable(ref key);
            return SetInTable(ref key, field, value, keepsExpiry);
        }
        bool losesExpiry = isThere && old.ExpiresAtMs != expiresAtMs;
        long dueMs = losesExpiry ? key.FieldsDueMs : Database.NoExpiry;
        Span<byte> place = key.Splice(at, removed, size, added)[at..];
        if (!isThere) place = place[ListPack.Write(place, field)..];
        place = place[ListPack.Write(place, value)..];
        if (areTriples) ListPack.Write(place, PackedFields.WordOf(expiresAtMs));
        if (losesExpiry) RefreshDue(ref key, dueMs);
        return isNew;
    }

    private static bool SetInTable(ref Key key, scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, bool keepsExpiry)
    {
        Arena arena = key.Memory;
        bool isThere = TryFind(in key, field, out BlockRef block, out ulong hash, out TablePosition position);
        ShowEncodingFor(ref key, Count(key.View) + (isThere ? 0 : 1), field, value);
        Span<byte> root = isThere ? key.EditRoot(block) : key.EditRoot(field);
        if (!isThere)
        {
            HashTable<FieldLayout>.Insert(arena, ref HashRoot.Table(root), key.Hashing, hash, FieldLayout.Make(arena, field, value));
            return true;
        }
        long oldMs = FieldLayout.ExpiresAtMs(arena, block);
        bool isNew = IsPast(in key, oldMs);
        long expiresAtMs = keepsExpiry && !isNew ? oldMs : FieldLayout.Never;
        if (oldMs == expiresAtMs && FieldLayout.TrySetValue(arena, block, value)) return isNew;

        long dueMs = DueBefore(in key, oldMs);
        BlockRef made = FieldLayout.Make(arena, field, value, expiresAtMs);
        ReplaceInTable(ref key, block, oldMs, position, made, expiresAtMs);
        if (oldMs != expiresAtMs) RefreshDue(ref key, dueMs);
        return isNew;
    }

    /// <summary>Puts a block of the same field, with another value or expiry, in the place of the old one.</summary>
    private static void ReplaceInTable(ref Key key, BlockRef old, long oldMs, TablePosition position, BlockRef made, long expiresAtMs)
    {
        Span<byte> root = key.EditRoot(old);
        if (oldMs != FieldLayout.Never) HashRoot.RemoveExpiry(key.Memory, root, old, oldMs);
        HashTable<FieldLayout>.Replace(key.Memory, position, made);
        FieldLayout.Free(key.Memory, old);
        if (expiresAtMs != FieldLayout.Never) HashRoot.AddExpiry(key.Memory, root, made, expiresAtMs);
    }

    private static void RemoveFromTable(ref Key key, BlockRef block, long expiresAtMs, ulong hash, TablePosition position)
    {
        Span<byte> root = key.EditRoot(block);
        if (expiresAtMs != FieldLayout.Never) HashRoot.RemoveExpiry(key.Memory, root, block, expiresAtMs);
        HashTable<FieldLayout>.Remove(key.Memory, ref HashRoot.Table(root), hash, position);
        FieldLayout.Free(key.Memory, block);
    }

    /// <summary>What redis-server would show once it has so many fields, of which one is this.</summary>
    private static void ShowEncodingFor(ref Key key, long count, scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value)
    {
        if (key.Form.Encoding == ValueEncoding.HashTable) return;
        int longest = Math.Max(field.Length, value.Length);
        bool stays = count <= key.Settings.HashListpackEntriesMax && longest <= key.Settings.HashListpackValueBytesMax;
        if (!stays) key.SetForm(key.Form.With(ValueEncoding.HashTable));
    }

    private static void MakeTable(ref Key key)
    {
        Span<byte> root = stackalloc byte[HashRoot.Instance.RootBytes];
        root.Clear();
        var filling = new Filling(key.Memory, key.Hashing, root);
        EachKept(key.View, ref filling);
        ValueForm form = key.Form;

        // The index knows of the fields already: an entry that is not marked loses none, and the next one brings none.
        key.SetForm(Marked(form, false));
        Span<byte> place = key.PlaceRoot(KeyType.Hash, Marked(ValueForm.Rooted(form.Encoding), HasExpiries(form)), key.ExpiresAtMs);
        root.CopyTo(place);
    }

    /// <summary>Puts fields into a table.</summary>
    private readonly ref struct Filling(Arena arena, KeyedHash hashing, Span<byte> root) : IFieldVisitor
    {
        private readonly Arena _arena = arena;
        private readonly KeyedHash _hashing = hashing;
        private readonly Span<byte> _root = root;

        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            Span<byte> fieldDigits = stackalloc byte[Numbers.IntegerBytesMax];
            Span<byte> valueDigits = stackalloc byte[Numbers.IntegerBytesMax];
            HashRoot.Add(_arena, _hashing, _root, field.TextIn(fieldDigits), value.TextIn(valueDigits), expiresAtMs);
        }
    }
}
