using Galley.Resp.Protocol;

namespace Galley.Store.Types;

/// <summary>
/// What the packed elements of a stream's node mean; byte for byte those of redis-server, so that DUMP and RDB copy them.
/// The node's key is its first entry's identifier, and its first entry's fields are said once: an entry with the same
/// fields has values alone.
/// <code>
///   master   | entries | deleted | N | field 1 | ... | field N | 0 |
///   entry    | flags | ms - key's ms | seq - key's seq | value 1 | ... | value N | elements before this one |        same fields
///            | flags | ms - ..       | seq - ..        | n | field 1 | value 1 | ... | elements before this one |    its own
/// </code>
/// The last element of an entry leads back to its first. A deleted entry keeps its place, with a flag.
/// </summary>
internal static class StreamPack
{
    /// <summary>redis-server's nodes are never longer, whatever the settings say; nor is an entry.</summary>
    public const long BytesMax = 1L << 30;

    public const long DeletedFlag = 1;
    public const long SameFieldsFlag = 2;

    /// <summary>Elements of an entry beside its fields and values: flags, two differences, and the way back.</summary>
    private const int OwnElements = 3;

    /// <summary>Entries that are there.</summary>
    public static long Count(ReadOnlySpan<byte> pack) => ListPack.Read(pack, 0).Integer;

    /// <summary>Entries whose places are still there.</summary>
    public static long Deleted(ReadOnlySpan<byte> pack) => ListPack.Read(pack, ListPack.Next(pack, 0)).Integer;

    /// <summary>Where the first entry begins.</summary>
    public static int FirstEntry(ReadOnlySpan<byte> pack)
    {
        int at = MasterFields(pack, out long fields);
        return ListPack.Skip(pack, at, (int)fields + 1);
    }

    /// <summary>Where the master's fields begin, and how many they are.</summary>
    public static int MasterFields(ReadOnlySpan<byte> pack, out long count)
    {
        int at = ListPack.Skip(pack, 0, 2);
        count = ListPack.Read(pack, at).Integer;
        return ListPack.Next(pack, at);
    }

    /// <summary>The elements of a node's pack, as the frame of redis-server's listpack counts them; it walks over all of them.</summary>
    public static int Elements(ReadOnlySpan<byte> pack) => ListPack.Count(pack);

    /// <summary>The entry at this position.</summary>
    public static StreamEntry EntryAt(ReadOnlySpan<byte> pack, StreamId key, int masterFieldsAt, long masterFields, int at)
    {
        long flags = ListPack.Read(pack, at).Integer;
        int msAt = ListPack.Next(pack, at);
        int seqAt = ListPack.Next(pack, msAt);
        var id = new StreamId(
            unchecked(key.Ms + (ulong)ListPack.Read(pack, msAt).Integer), unchecked(key.Seq + (ulong)ListPack.Read(pack, seqAt).Integer));
        int next = ListPack.Next(pack, seqAt);
        if ((flags & SameFieldsFlag) != 0) return new StreamEntry(pack, id, flags, at, (int)masterFields, masterFieldsAt, next);
        return new StreamEntry(pack, id, flags, at, (int)ListPack.Read(pack, next).Integer, -1, ListPack.Next(pack, next));
    }

    /// <summary>Where the entry begins that ends here.</summary>
    public static int EntryBefore(ReadOnlySpan<byte> pack, int end)
    {
        int at = ListPack.Previous(pack, end);
        for (long left = ListPack.Read(pack, at).Integer; left > 0; left--) at = ListPack.Previous(pack, at);
        return at;
    }

    /// <summary>The fields are those of the master, in its order.</summary>
    public static bool HasSameFields(ReadOnlySpan<byte> pack, in Arguments words, int first, int fields)
    {
        int at = MasterFields(pack, out long count);
        if (count != fields) return false;
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        for (int i = 0; i < fields; i++)
        {
            if (!ListPack.Read(pack, at).TextIn(digits).SequenceEqual(words[first + (i * 2)])) return false;
            at = ListPack.Next(pack, at);
        }
        return true;
    }

    /// <summary>The bytes of a master with these fields and one entry.</summary>
    public static int MasterSize(in Arguments words, int first, int fields)
    {
        int bytes = ListPack.SizeOf(1) + ListPack.SizeOf(0) + ListPack.SizeOf(fields) + ListPack.SizeOf(0);
        for (int i = 0; i < fields; i++) bytes += ListPack.SizeOf(words[first + (i * 2)]);
        return bytes;
    }

    public static int WriteMaster(Span<byte> room, in Arguments words, int first, int fields)
    {
        int at = ListPack.Write(room, 1);
        at += ListPack.Write(room[at..], 0);
        at += ListPack.Write(room[at..], fields);
        for (int i = 0; i < fields; i++) at += ListPack.Write(room[at..], words[first + (i * 2)]);
        return at + ListPack.Write(room[at..], 0);
    }

    /// <summary>The bytes of an entry.</summary>
    public static int EntrySize(StreamId key, StreamId id, in Arguments words, int first, int fields, bool hasSameFields)
    {
        int bytes = ListPack.SizeOf(0) + ListPack.SizeOf(unchecked((long)(id.Ms - key.Ms))) + ListPack.SizeOf(unchecked((long)(id.Seq - key.Seq)))
            + ListPack.SizeOf(ElementsBefore(fields, hasSameFields));
        if (!hasSameFields) bytes += ListPack.SizeOf(fields);
        for (int i = 0; i < fields * 2; i++)
            if (!hasSameFields || (i & 1) == 1) bytes += ListPack.SizeOf(words[first + i]);
        return bytes;
    }

    public static void WriteEntry(Span<byte> room, StreamId key, StreamId id, in Arguments words, int first, int fields, bool hasSameFields)
    {
        int at = ListPack.Write(room, hasSameFields ? SameFieldsFlag : 0);
        at += ListPack.Write(room[at..], unchecked((long)(id.Ms - key.Ms)));
        at += ListPack.Write(room[at..], unchecked((long)(id.Seq - key.Seq)));
        if (!hasSameFields) at += ListPack.Write(room[at..], fields);
        for (int i = 0; i < fields * 2; i++)
            if (!hasSameFields || (i & 1) == 1) at += ListPack.Write(room[at..], words[first + i]);
        ListPack.Write(room[at..], ElementsBefore(fields, hasSameFields));
    }

    /// <summary>
    /// Whether elements from outside, which are whole, are a node: the counts of the master are true, each entry has what it
    /// says and leads back to its beginning, and the identifiers rise.
    /// </summary>
    /// <param name="last">The identifier that all are to be above; then the node's last, deleted ones included.</param>
    /// <param name="count">Entries that are there.</param>
    public static bool IsValid(ReadOnlySpan<byte> pack, int elements, StreamId key, ref StreamId last, out long count)
    {
        count = 0;
        var cursor = new Checked(pack, elements);
        if (!cursor.TryInteger(out long live) || !cursor.TryInteger(out long deleted) || !cursor.TryInteger(out long fields)) return false;
        if (live < 0 || deleted < 0 || fields < 0 || !cursor.TrySkip(fields) || !cursor.TryInteger(out long zero) || zero != 0) return false;
        if (live > elements || deleted > elements) return false;
        for (long left = live + deleted; left > 0; left--)
        {
            int before = cursor.Left;
            if (!cursor.TryInteger(out long flags) || flags is < 0 or > (DeletedFlag | SameFieldsFlag)) return false;
            if (!cursor.TryInteger(out long ms) || !cursor.TryInteger(out long seq)) return false;
            long words = fields;
            if ((flags & SameFieldsFlag) == 0)
            {
                if (!cursor.TryInteger(out words) || words < 0 || words > elements) return false;
                words *= 2;
            }
            if (!cursor.TrySkip(words)) return false;
            int taken = before - cursor.Left;
            if (!cursor.TryInteger(out long back) || back != taken) return false;
            var id = new StreamId(unchecked(key.Ms + (ulong)ms), unchecked(key.Seq + (ulong)seq));
            if (id < key || (id <= last && last != StreamId.Min)) return false;
            last = id;
            if ((flags & DeletedFlag) == 0) count++;
        }
        return cursor.Left == 0 && count == live;
    }

    private static long ElementsBefore(int fields, bool hasSameFields) => hasSameFields ? fields + OwnElements : (fields * 2L) + OwnElements + 1;

    /// <summary>Takes elements one after the other, as many as there are.</summary>
    private ref struct Checked(ReadOnlySpan<byte> pack, int elements)
    {
        private readonly ReadOnlySpan<byte> _pack = pack;
        private int _at;

        public int Left { get; private set; } = elements;

        public bool TryInteger(out long value)
        {
            value = 0;
            if (Left == 0) return false;
            ListPackElement element = ListPack.Read(_pack, _at);
            value = element.Integer;
            return element.IsInteger && TrySkip(1);
        }

        public bool TrySkip(long elements)
        {
            if (elements > Left) return false;
            _at = ListPack.Skip(_pack, _at, (int)elements);
            Left -= (int)elements;
            return true;
        }
    }
}

/// <summary>An entry of a stream as it lies in its node. Valid as long as the stream is not changed.</summary>
internal readonly ref struct StreamEntry
{
    private readonly ReadOnlySpan<byte> _pack;
    private readonly long _flags;
    private readonly int _sharedFieldsAt;
    private readonly int _wordsAt;

    internal StreamEntry(ReadOnlySpan<byte> pack, StreamId id, long flags, int at, int fieldCount, int sharedFieldsAt, int wordsAt)
    {
        _pack = pack;
        _flags = flags;
        _sharedFieldsAt = sharedFieldsAt;
        _wordsAt = wordsAt;
        Id = id;
        At = at;
        FieldCount = fieldCount;
    }

    public StreamId Id { get; }

    public int FieldCount { get; }

    public bool IsDeleted => (_flags & StreamPack.DeletedFlag) != 0;

    /// <summary>Its position in the node's pack.</summary>
    internal int At { get; }

    /// <summary>Where the one behind it begins.</summary>
    internal int End => ListPack.Skip(_pack, _wordsAt, (_sharedFieldsAt >= 0 ? FieldCount : FieldCount * 2) + 1);

    /// <summary>Its fields and values, in their order.</summary>
    public StreamFields Fields => new(_pack, _sharedFieldsAt, _wordsAt, FieldCount);

    /// <summary>The bytes of its fields and values.</summary>
    public long TextBytes
    {
        get
        {
            long bytes = 0;
            StreamFields fields = Fields;
            while (fields.TryNext(out ListPackElement name, out ListPackElement value)) bytes += name.Length + value.Length;
            return bytes;
        }
    }
}

/// <summary>A walk over the fields and values of an entry.</summary>
internal ref struct StreamFields
{
    private readonly ReadOnlySpan<byte> _pack;
    private int _fieldAt;
    private int _valueAt;
    private int _left;
    private readonly bool _isShared;

    internal StreamFields(ReadOnlySpan<byte> pack, int sharedFieldsAt, int wordsAt, int count)
    {
        _pack = pack;
        _isShared = sharedFieldsAt >= 0;
        _fieldAt = sharedFieldsAt;
        _valueAt = wordsAt;
        _left = count;
    }

    public bool TryNext(out ListPackElement field, out ListPackElement value)
    {
        field = value = default;
        if (_left == 0) return false;
        _left--;
        if (_isShared)
        {
            field = ListPack.Read(_pack, _fieldAt);
            _fieldAt = ListPack.Next(_pack, _fieldAt);
        }
        else
        {
            field = ListPack.Read(_pack, _valueAt);
            _valueAt = ListPack.Next(_pack, _valueAt);
        }
        value = ListPack.Read(_pack, _valueAt);
        _valueAt = ListPack.Next(_pack, _valueAt);
        return true;
    }
}
