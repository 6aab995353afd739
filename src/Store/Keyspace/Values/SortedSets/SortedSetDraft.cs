using System.Buffers;
using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// A sorted set in the making that belongs to no key: the result of a union, a range or a search, which is replied with or
/// becomes the value of a key. Its elements are blocks of the arena already, and only the list of them is an array, so that
/// a large result is handed over as it is. Whoever makes one disposes of it.
/// </summary>
/// <param name="space">Where the value is to go, and what it comes from.</param>
internal sealed class SortedSetDraft(Databases space) : IDisposable
{
    private const int FirstCapacity = 64;

    private readonly Databases _space = space;
    private SortedEntry[] _entries = [];
    private HashTableRoot _table;
    private int _count;

    public int Count => _count;

    /// <summary>The elements, in the order in which they were added, or as <see cref="Sort"/> has put them.</summary>
    public ReadOnlySpan<SortedEntry> Entries => _entries.AsSpan(0, _count);

    private Arena Arena => _space.Arena;

    /// <summary>Adds a member that is not there.</summary>
    public void Add(scoped ReadOnlySpan<byte> member, double score)
    {
        if (_count == _entries.Length) Grow();
        _entries[_count++] = new SortedEntry(score, SortedElement.Make(Arena, member, score).Value);
    }

    /// <summary>
    /// Adds a member; false where it is there already, and what it is. Only before anything was sorted or left out, and
    /// not together with <see cref="Add"/>.
    /// </summary>
    public bool TryAdd(scoped ReadOnlySpan<byte> member, double score, out SortedEntry there)
    {
        ulong hash = _space.Hashing.Of(member);
        if (HashTable<SortedElement>.Find(Arena, in _table, hash, member, out BlockRef element).IsFound)
        {
            there = new SortedEntry(SortedElement.ScoreOf(Arena, element), element.Value);
            return false;
        }
        Add(member, score);
        there = _entries[_count - 1];
        HashTable<SortedElement>.Insert(Arena, ref _table, _space.Hashing, hash, there.Element);
        return true;
    }

    /// <summary>Gives the member that <see cref="TryAdd"/> has met another score.</summary>
    public void SetScore(SortedEntry there, double score) => SortedElement.SetScore(Arena, there.Element, score);

    /// <summary>The member of an entry.</summary>
    public ReadOnlySpan<byte> MemberOf(SortedEntry entry) => SortedElement.KeyOf(Arena, entry.Element);

    /// <summary>Keeps the entries from this one on that the filter accepts, with the score that it gives them.</summary>
    public void Filter<TFilter>(int from, ref TFilter filter) where TFilter : struct, ISortedFilter, allows ref struct
    {
        int kept = from;
        for (int i = from; i < _count; i++)
        {
            SortedEntry entry = _entries[i];
            double score = entry.Score;
            if (filter.Accepts(MemberOf(entry), ref score)) _entries[kept++] = entry with { Score = score };
            else SortedElement.Free(Arena, entry.Element);
        }
        _count = kept;
    }

    /// <summary>Leaves out the entries from this one on.</summary>
    public void Truncate(int count)
    {
        for (int i = count; i < _count; i++) SortedElement.Free(Arena, _entries[i].Element);
        _count = count;
    }

    /// <summary>Puts the entries into the order of a sorted set.</summary>
    public void Sort()
    {
        // A score that was changed after TryAdd is in the element.
        if (_table.Count > 0)
            for (int i = 0; i < _count; i++) _entries[i] = _entries[i] with { Score = SortedElement.ScoreOf(Arena, _entries[i].Element) };
        Arena arena = Arena;
        _entries.AsSpan(0, _count).Sort((x, y) => Compare(arena, x, y));
    }

    /// <summary>
    /// Makes it the value of a key, whatever was there; its expiry goes. It is sorted, and not empty, and it is empty
    /// afterwards.
    /// </summary>
    public void MoveTo(ref Key key)
    {
        ValueEncoding encoding = SortedSetValue.EncodingOf(in key, _count, LongestMember());
        if (TryPack(ref key, encoding)) Truncate(0);
        else PlaceTree(ref key, encoding);
        _count = 0;
    }

    public void Dispose()
    {
        DropTable();
        Truncate(0);
        if (_entries.Length > 0) ArrayPool<SortedEntry>.Shared.Return(_entries);
        _entries = [];
    }

    private int LongestMember()
    {
        int longest = 0;
        foreach (SortedEntry entry in Entries) longest = Math.Max(longest, MemberOf(entry).Length);
        return longest;
    }

    private bool TryPack(ref Key key, ValueEncoding encoding)
    {
        if (_count > PackedLimits.CountMax) return false;
        int bytes = 0;
        foreach (SortedEntry entry in Entries)
        {
            ReadOnlySpan<byte> member = MemberOf(entry);
            if (bytes + member.Length > PackedLimits.BytesMax) return false;
            bytes += SortedSetValue.PackedSizeOf(encoding, member, entry.Score);
        }
        if (bytes > PackedLimits.BytesMax) return false;
        Span<byte> place = key.PlacePacked(KeyType.SortedSet, ValueForm.Packed(encoding), _count, bytes, Database.NoExpiry);
        foreach (SortedEntry entry in Entries)
            place = place[SortedSetValue.WritePacked(place, encoding, MemberOf(entry), entry.Score)..];
        return true;
    }

    private void PlaceTree(ref Key key, ValueEncoding encoding)
    {
        var tree = new CountedTreeRoot();
        bool hasTable = _table.Count > 0;
        for (int i = 0; i < _count; i++)
        {
            double score = SortedSetValue.Kept(encoding, _entries[i].Score);
            BlockRef element = _entries[i].Element;
            SortedElement.SetScore(Arena, element, score);
            SortedTree.Insert(Arena, ref tree, score, element);
            if (!hasTable) HashTable<SortedElement>.Insert(Arena, ref _table, _space.Hashing, _space.Hashing.Of(MemberOf(_entries[i])), element);
        }
        Span<byte> root = key.PlaceRoot(KeyType.SortedSet, ValueForm.Rooted(encoding), Database.NoExpiry);
        SortedSetRoot.Table(root) = _table;
        SortedSetRoot.Tree(root) = tree;
        _table = default;
    }

    private void Grow()
    {
        SortedEntry[] larger = ArrayPool<SortedEntry>.Shared.Rent(Math.Max(FirstCapacity, _entries.Length * 2));
        Entries.CopyTo(larger);
        if (_entries.Length > 0) ArrayPool<SortedEntry>.Shared.Return(_entries);
        _entries = larger;
    }

    private void DropTable()
    {
        var leaving = new SortedSetRoot.Leaving();
        if (_table.Count > 0) HashTable<SortedElement>.Drop(Arena, ref _table, int.MaxValue, ref leaving);
    }

    private static int Compare(Arena arena, SortedEntry left, SortedEntry right)
    {
        if (left.Score < right.Score) return -1;
        if (left.Score > right.Score) return 1;
        return SortedElement.KeyOf(arena, left.Element).SequenceCompareTo(SortedElement.KeyOf(arena, right.Element));
    }
}

/// <summary>Decides which entries of a draft stay.</summary>
internal interface ISortedFilter
{
    bool Accepts(ReadOnlySpan<byte> member, ref double score);
}
