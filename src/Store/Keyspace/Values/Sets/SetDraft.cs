using System.Runtime.InteropServices;
using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// A set in the making that belongs to no key: what other sets are compared with, or the result that becomes the value of a
/// key. Its members are blocks in a table already, so that a large one is handed over as it is. Whoever makes one disposes
/// of it.
/// </summary>
/// <param name="space">Where the value is to go, and what it comes from.</param>
internal sealed class SetDraft(Databases space) : IDisposable
{
    private readonly Databases _space = space;
    private HashTableRoot _table;
    private SetShape _shape = new(space.Settings);

    public long Count => _table.Count;

    /// <summary>What redis-server would show of it.</summary>
    public SetShape Shape => _shape;

    private Arena Arena => _space.Arena;

    /// <summary>Its members, as long as none is added.</summary>
    public SetBatch Members => new(Arena, in _table);

    public bool Contains(ListPackElement member)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        ReadOnlySpan<byte> text = member.TextIn(digits);
        return HashTable<MemberLayout>.Find(Arena, in _table, _space.Hashing.Of(text), text, out _).IsFound;
    }

    /// <summary>Adds a member that is not there.</summary>
    public void Add(ListPackElement member)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        ReadOnlySpan<byte> text = member.TextIn(digits);
        Insert(text, _space.Hashing.Of(text), member);
    }

    /// <summary>Adds a member, unless it is there.</summary>
    public void TryAdd(ListPackElement member)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        ReadOnlySpan<byte> text = member.TextIn(digits);
        ulong hash = _space.Hashing.Of(text);
        if (!HashTable<MemberLayout>.Find(Arena, in _table, hash, text, out _).IsFound) Insert(text, hash, member);
    }

    /// <summary>
    /// Makes it the value of a key, whatever was there; its expiry goes. It is not empty, and nothing may be added
    /// afterwards.
    /// </summary>
    /// <param name="encoding">What OBJECT ENCODING is to show.</param>
    public void MoveTo(ref Key key, ValueEncoding encoding)
    {
        bool isPacked = encoding == ValueEncoding.IntSet ? TryPackIntegers(ref key) : TryPack(ref key, encoding);
        if (isPacked) return;
        Span<byte> root = key.PlaceRoot(KeyType.Set, ValueForm.Rooted(encoding), Database.NoExpiry);
        SetRoot.Table(root) = _table;
        _table = default;
    }

    /// <summary>Frees what became no key's: a large one in the turns to come.</summary>
    public void Dispose()
    {
        if (_table.Count > 0) _space.Graveyard.Bury(KeyType.Set, MemoryMarshal.AsBytes(new ReadOnlySpan<HashTableRoot>(in _table)));
        _table = default;
    }

    private void Insert(ReadOnlySpan<byte> text, ulong hash, ListPackElement member)
    {
        HashTable<MemberLayout>.Insert(Arena, ref _table, _space.Hashing, hash, MemberLayout.Make(Arena, text));
        _shape.Add(member);
    }

    private bool TryPackIntegers(ref Key key)
    {
        if (_table.Count > PackedLimits.IntegersBytesMax / sizeof(short)) return false;
        var integers = new long[_table.Count];
        int count = 0;
        int width = 0;
        SetBatch members = Members;
        while (members.TryNext())
        {
            for (int i = 0; i < members.Count; i++)
            {
                integers[count] = IntegerOf(members[i]);
                width = Math.Max(width, IntSet.WidthOf(integers[count++]));
            }
        }
        int bytes = IntSet.Head + count * width;
        if (bytes > PackedLimits.IntegersBytesMax) return false;
        Array.Sort(integers);
        Span<byte> set = key.PlacePacked(KeyType.Set, ValueForm.Packed(ValueEncoding.IntSet), count, bytes, Database.NoExpiry);
        set[0] = (byte)width;
        for (int i = 0; i < count; i++) IntSet.Put(set, i, integers[i]);
        return true;
    }

    private static long IntegerOf(ListPackElement member) => Numbers.TryParseInt64(member.TextIn(default), out long value)
        ? value
        : throw new System.Diagnostics.UnreachableException("A set of integers with a member that is none.");

    private bool TryPack(ref Key key, ValueEncoding encoding)
    {
        if (_table.Count > PackedLimits.CountMax) return false;
        SetBatch members = Members;
        members.TryNext();
        int bytes = 0;
        for (int i = 0; i < members.Count; i++)
        {
            ReadOnlySpan<byte> member = members[i].TextIn(default);
            if (bytes + member.Length > PackedLimits.BytesMax) return false;
            bytes += ListPack.SizeOf(member);
        }
        if (bytes > PackedLimits.BytesMax) return false;
        Span<byte> place = key.PlacePacked(KeyType.Set, ValueForm.Packed(encoding), members.Count, bytes, Database.NoExpiry);
        for (int i = 0; i < members.Count; i++) place = place[ListPack.Write(place, members[i].TextIn(default))..];
        return true;
    }
}
