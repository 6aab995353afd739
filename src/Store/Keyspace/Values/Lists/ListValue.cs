using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// Lists, for those who do not want to know how they lie in memory: packed into their entry (<see cref="ListPack"/>), or a
/// <see cref="QuickList"/>. Key is a list, or is absent where that is said.
/// </summary>
internal static partial class ListValue
{
    /// <summary>
    /// The longest list that stays in its entry. Every push and pop moves what follows, so it is shorter than that of
    /// other collections.
    /// </summary>
    private const int PackedBytesMax = 2 * 1024;

    /// <summary>A list that is a structure of its own goes back into its entry when it is so short.</summary>
    private const int RepackedBytesMax = 512;

    public static long Count(in Key key) =>
        !key.Exists ? 0 : key.Form.IsRooted ? ListRoot.Tree(key.Root).Count : key.PackedCount;

    public static long Count(CollectionView list) => list.Form.IsRooted ? ListRoot.Tree(list.Root).Count : list.PackedCount;

    /// <summary>Gives the key an empty list, whatever was there; its expiry goes.</summary>
    public static void Reset(ref Key key) =>
        key.PlacePacked(KeyType.List, ValueForm.Packed(ValueEncoding.QuickList), 0, 0, Database.NoExpiry);

    /// <summary>Adds an element at one of the ends; makes the key where it is absent.</summary>
    public static void Push(ref Key key, scoped ReadOnlySpan<byte> element, bool atFront)
    {
        if (!key.Exists) Reset(ref key);
        if (!key.Form.IsRooted)
        {
            if (TrySplice(ref key, atFront ? 0 : key.Packed.Length, 0, element, +1)) return;
            MakeTree(ref key);
        }
        using LeafEdit edit = key.EditLeaves();
        QuickList.Push(key.Memory, ref ListRoot.Tree(edit.Root), element, atFront, key.ListCompressor);
    }

    /// <summary>Adds an element so that it has this position (0 to the count).</summary>
    public static void Insert(ref Key key, long position, scoped ReadOnlySpan<byte> element)
    {
        if (!key.Form.IsRooted)
        {
            int at = ListPack.PositionOf(key.Packed, (int)position, key.PackedCount);
            if (TrySplice(ref key, at, 0, element, +1)) return;
            MakeTree(ref key);
        }
        using LeafEdit edit = key.EditLeaves();
        QuickList.Insert(key.Memory, ref ListRoot.Tree(edit.Root), position, element, key.ListCompressor);
    }

    /// <summary>Puts another element in the place of the one at this position, which is there.</summary>
    public static void Set(ref Key key, long position, scoped ReadOnlySpan<byte> element)
    {
        if (!key.Form.IsRooted)
        {
            int at = ListPack.PositionOf(key.Packed, (int)position, key.PackedCount);
            int removed = ListPack.Next(key.Packed, at) - at;
            if (TrySplice(ref key, at, removed, element, 0)) return;
            MakeTree(ref key);
        }
        using LeafEdit edit = key.EditLeaves();
        QuickList.Set(key.Memory, ref ListRoot.Tree(edit.Root), position, element, key.ListCompressor);
    }

    /// <summary>Takes out so many elements from this position on; the last ones leave an empty list, which the caller deletes.</summary>
    public static void Remove(ref Key key, long position, long count)
    {
        if (count == 0) return;
        if (!key.Form.IsRooted)
        {
            int at = ListPack.PositionOf(key.Packed, (int)position, key.PackedCount);
            int end = position + count == key.PackedCount ? key.Packed.Length : ListPack.Skip(key.Packed, at, (int)count);
            key.Splice(at, end - at, 0, (int)-count);
            return;
        }
        using LeafEdit edit = key.EditLeaves();
        ref CountedTreeRoot tree = ref ListRoot.Tree(edit.Root);
        QuickList.Remove(key.Memory, ref tree, position, count, key.ListCompressor);
        if (TreeCursor.HeightOf(tree.Top) == 0 && tree.Count > 0) TryRepack(ref key);
    }

    /// <summary>Takes out the elements at these positions, the last of them first, as the other does.</summary>
    public static void RemoveEach(ref Key key, scoped ReadOnlySpan<long> positions)
    {
        if (!key.Form.IsRooted)
        {
            foreach (long position in positions) Remove(ref key, position, 1);
            return;
        }
        using LeafEdit edit = key.EditLeaves();
        ref CountedTreeRoot tree = ref ListRoot.Tree(edit.Root);
        QuickList.RemoveEach(key.Memory, ref tree, positions, key.ListCompressor);
        if (TreeCursor.HeightOf(tree.Top) == 0 && tree.Count > 0) TryRepack(ref key);
    }

    /// <summary>A walk from the element at this position on; there is one.</summary>
    public static ListWalk Walk(in Key key, long from, bool isBackward = false) => Walk(key.View, from, isBackward);

    /// <summary>As the other, of a list that is there.</summary>
    public static ListWalk Walk(CollectionView list, long from, bool isBackward = false) => list.Form.IsRooted
        ? new ListWalk(list.Memory, in ListRoot.Tree(list.Root), from, isBackward)
        : new ListWalk(list.Packed, list.PackedCount, (int)from, isBackward);

    /// <summary>The nodes that the list has, the packed entry being one, and their bytes as listpacks of redis-server.</summary>
    public static (long Nodes, long ListPackBytes) Weigh(in Key key) => key.Form.IsRooted
        ? QuickList.Weigh(key.Memory, in ListRoot.Tree(key.Root))
        : (1, ListPackFrame.Bytes + key.Packed.Length);

    /// <summary>The element at this position, which is there; until another list is read.</summary>
    public static ListPackElement At(in Key key, long position)
    {
        ListWalk walk = Walk(in key, position);
        walk.TryNext(out ListPackElement element);
        return element;
    }

    /// <summary>Writes an element into the entry in place of some bytes; false if it grows too long for that.</summary>
    private static bool TrySplice(ref Key key, int at, int removed, scoped ReadOnlySpan<byte> element, int countChange)
    {
        if (element.Length > PackedBytesMax) return false;
        int size = ListPack.SizeOf(element);
        if (key.Packed.Length + size - removed > PackedBytesMax) return false;
        Span<byte> packed = key.Splice(at, removed, size, countChange);
        ListPack.Write(packed[at..], element);
        return true;
    }

    private static void MakeTree(ref Key key)
    {
        var tree = new CountedTreeRoot();
        if (key.PackedCount > 0)
        {
            Memory.BlockRef leaf = ListLeaf.Make(key.Memory, key.Packed, key.PackedCount);
            CountedTree.Insert(key.Memory, ref tree, default, leaf, key.PackedCount, after: true);
        }
        Span<byte> root = key.PlaceRoot(KeyType.List, ValueForm.Rooted(key.Form.Encoding), key.ExpiresAtMs);
        ListRoot.Tree(root) = tree;
    }

    private static void TryRepack(ref Key key)
    {
        var leaf = new Memory.BlockRef(ListRoot.Tree(key.Root).Top);
        if (ListLeaf.IsAlone(key.Memory, leaf)) return;
        if (ListLeaf.PackBytes(key.Memory, leaf) > RepackedBytesMax) return;
        ReadOnlySpan<byte> pack = ListLeaf.Read(key.Memory, leaf);
        Span<byte> copy = stackalloc byte[RepackedBytesMax];
        pack.CopyTo(copy);
        int length = pack.Length;
        int count = ListLeaf.Count(key.Memory, leaf);
        Span<byte> place = key.PlacePacked(KeyType.List, ValueForm.Packed(key.Form.Encoding), count, length, key.ExpiresAtMs);
        copy[..length].CopyTo(place);
    }
}
