using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>Elements that come packed from outside, in a list's own order.</content>
internal static partial class ListValue
{
    /// <summary>Fewer bytes do not make a leaf of their own.</summary>
    private const int LeafBytesMin = 1500;

    /// <summary>Adds packed elements at the end, many at once where they make a leaf; makes the key where it is absent.</summary>
    public static void Append(ref Key key, scoped ReadOnlySpan<byte> pack, int count) =>
        Append(ref key, pack, count, AreShort(pack));

    /// <param name="areShort">Each of them may share its leaf with others.</param>
    public static void Append(ref Key key, scoped ReadOnlySpan<byte> pack, int count, bool areShort)
    {
        if (!key.Exists && pack.Length <= PackedBytesMax)
        {
            ValueForm form = ValueForm.Packed(ValueEncoding.QuickList);
            pack.CopyTo(key.PlacePacked(KeyType.List, form, count, pack.Length, Database.NoExpiry));
            return;
        }
        if (areShort && pack.Length is >= LeafBytesMin and <= ListLeaf.PackBytesMax)
        {
            AppendLeaf(ref key, pack, count);
            return;
        }
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        for (int at = 0; at < pack.Length; at = ListPack.Next(pack, at))
            Push(ref key, ListPack.Read(pack, at).TextIn(digits), atFront: false);
    }

    private static void AppendLeaf(ref Key key, scoped ReadOnlySpan<byte> pack, int count)
    {
        if (!key.Exists) key.PlaceRoot(KeyType.List, ValueForm.Rooted(ValueEncoding.QuickList), Database.NoExpiry);
        else if (!key.Form.IsRooted) MakeTree(ref key);
        using LeafEdit edit = key.EditLeaves();
        ref CountedTreeRoot tree = ref ListRoot.Tree(edit.Root);
        QuickList.Append(key.Memory, ref tree, pack, count, key.ListCompressor);
    }

    /// <summary>Each of them may share its leaf with others.</summary>
    private static bool AreShort(ReadOnlySpan<byte> pack)
    {
        for (int at = 0; at < pack.Length; at = ListPack.Next(pack, at))
        {
            ListPackElement element = ListPack.Read(pack, at);
            if (!element.IsInteger && element.Length > ListLeaf.PackedElementBytesMax) return false;
        }
        return true;
    }
}
