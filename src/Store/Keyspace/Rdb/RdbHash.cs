using System.Diagnostics;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// Hashes. Written as a listpack of fields and values, or as both one by one; and, where a field expires, in the forms of
/// Redis 7.4:
/// <code>
///   | first expiry 8 | listpack of field, value, expiry or 0 |                 those that expire first, in their order
///   | first expiry 8 | fields | expiry | field | value | expiry | ...          counted from one before the first; 0: it stays
/// </code>
/// </summary>
internal sealed partial class RdbHash : RdbType
{
    private RdbHash() { }

    public static RdbHash Instance { get; } = new();

    public override IReadOnlyList<(RdbForm Form, RdbRead Read)> Readers =>
    [
        (RdbForm.Hash, ReadFields),
        (RdbForm.HashZipMap, ReadZipMap),
        (RdbForm.HashZipList, ReadZipList),
        (RdbForm.HashListPack, ReadListPack),
        (RdbForm.HashExpiringDraft, ReadExpiringDraft),
        (RdbForm.HashExpiringListPackDraft, ReadExpiringListPackDraft),
        (RdbForm.HashExpiring, ReadExpiring),
        (RdbForm.HashExpiringListPack, ReadExpiringListPack),
    ];

    public override RdbForm FormOf(in SnapshotEntry entry)
    {
        ValueForm form = entry.View.Form;
        bool isPacked = !form.IsRooted && form.Encoding != ValueEncoding.HashTable;
        return HashValue.HasExpiries(form)
            ? isPacked ? RdbForm.HashExpiringListPack : RdbForm.HashExpiring
            : isPacked ? RdbForm.HashListPack : RdbForm.Hash;
    }

    public override void Write(RdbWriter writer, in SnapshotEntry entry)
    {
        CollectionView hash = entry.View;
        switch (FormOf(in entry))
        {
            case RdbForm.HashListPack:
                writer.ListPack(hash.Packed, hash.PackedCount * PackedFields.WordsPerField(areTriples: false));
                break;
            case RdbForm.HashExpiringListPack:
                writer.Int64(HashValue.NextDueMs(hash));
                WriteTriples(writer, hash);
                break;
            case RdbForm.Hash:
                WriteHead(writer, in entry);
                var fields = new Fields(writer);
                HashValue.EachKept(hash, ref fields);
                break;
            case RdbForm.HashExpiring:
                var expiring = new ExpiringFields(writer, WriteHead(writer, in entry));
                HashValue.EachKept(hash, ref expiring);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Returns when the first field expires, -1 where none does.</summary>
    public override long WriteHead(RdbWriter writer, in SnapshotEntry entry)
    {
        long firstMs = HashValue.NextDueMs(entry.View);
        if (FormOf(in entry) == RdbForm.HashExpiring) writer.Int64(firstMs);
        writer.Length(HashValue.Count(entry.View));
        return firstMs;
    }

    public override void WriteElement(RdbWriter writer, Arena memory, BlockRef element, long head)
    {
        var field = new ListPackElement(FieldLayout.KeyOf(memory, element));
        var value = new ListPackElement(FieldLayout.ValueOf(memory, element));
        if (head == Database.NoExpiry) new Fields(writer).Visit(field, value, FieldLayout.Never);
        else new ExpiringFields(writer, head).Visit(field, value, FieldLayout.ExpiresAtMs(memory, element));
    }

    /// <summary>redis-server takes those that are due from the front, so they must stand there.</summary>
    private static void WriteTriples(RdbWriter writer, CollectionView hash)
    {
        Span<Triple> triples = stackalloc Triple[PackedLimits.CountMax];
        int count = 0;
        var fields = new PackedFields(hash.Packed, areTriples: true);
        while (fields.TryNext())
        {
            long dueMs = fields.ExpiresAtMs == FieldLayout.Never ? long.MaxValue : fields.ExpiresAtMs;
            triples[count] = new Triple(dueMs, count++, fields.FieldAt, fields.End);
        }
        triples = triples[..count];
        triples.Sort();

        Span<byte> sorted = stackalloc byte[PackedLimits.BytesMax];
        int length = 0;
        foreach (Triple triple in triples)
        {
            hash.Packed[triple.Start..triple.End].CopyTo(sorted[length..]);
            length += triple.End - triple.Start;
        }
        writer.ListPack(sorted[..length], count * PackedFields.WordsPerField(areTriples: true));
    }

    /// <summary>Where a field, its value and its expiry lie, in the order in which they are written.</summary>
    private readonly record struct Triple(long DueMs, int Index, int Start, int End) : IComparable<Triple>
    {
        public int CompareTo(Triple other) => DueMs != other.DueMs ? DueMs.CompareTo(other.DueMs) : Index.CompareTo(other.Index);
    }

    private readonly struct Fields(RdbWriter writer) : IFieldVisitor
    {
        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            writer.String(field);
            writer.String(value);
        }
    }

    private readonly struct ExpiringFields(RdbWriter writer, long firstMs) : IFieldVisitor
    {
        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            writer.Length(expiresAtMs == FieldLayout.Never ? 0 : expiresAtMs - firstMs + 1);
            writer.String(field);
            writer.String(value);
        }
    }
}
