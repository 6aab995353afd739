using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>How a stream would lie in redis-server, which XINFO shows: a compressed radix tree of the nodes' keys.</summary>
internal static class StreamShape
{
    /// <summary>Counts the stream's nodes, and the nodes of the radix tree that would find them.</summary>
    /// <remarks>
    /// One walk in the order of the keys: the tree branches where two neighbours part, and the branches above the present key
    /// are kept on a stack (the construction of a suffix tree from common prefixes; Kasai et al. 2001). A run of bytes between
    /// two branches is a node, and so is the end of each key.
    /// </remarks>
    public static long NodeCount(in Key key, out long radixNodes)
    {
        long nodes = 0;
        radixNodes = 1;
        ref readonly CountedTreeRoot entries = ref StreamValue.Head(in key).Entries;
        if (entries.Top == 0) return 0;
        radixNodes = 0;
        Span<int> branches = stackalloc int[StreamId.BinaryBytes];
        int depth = 0;
        Span<byte> previous = stackalloc byte[StreamId.BinaryBytes];
        Span<byte> present = stackalloc byte[StreamId.BinaryBytes];
        TreeCursor cursor = CountedTree.First(key.Memory, in entries);
        do
        {
            StreamLeaf.KeyOf(key.Memory, cursor.Leaf).WriteTo(present);
            if (nodes++ > 0) radixNodes += Part(branches, ref depth, previous.CommonPrefixLength(present));
            present.CopyTo(previous);
        }
        while (CountedTree.TryNext(key.Memory, ref cursor));
        radixNodes += Part(branches, ref depth, common: -1);
        return nodes;
    }

    /// <summary>The next key has so many bytes in common with this one, whose end and branches below are done then (-1: there is none).</summary>
    private static int Part(Span<int> branches, ref int depth, int common)
    {
        int above = Math.Max(depth > 0 ? branches[depth - 1] : -1, common);
        int nodes = 1 + RunBelow(above, StreamId.BinaryBytes);
        while (depth > 0 && branches[depth - 1] > common)
        {
            int branch = branches[--depth];
            nodes += 1 + RunBelow(Math.Max(depth > 0 ? branches[depth - 1] : -1, common), branch);
        }
        if (common >= 0 && (depth == 0 || branches[depth - 1] < common)) branches[depth++] = common;
        return nodes;
    }

    /// <summary>Bytes between a branch and what follows below it are one node, if there are any.</summary>
    private static int RunBelow(int branch, int end) => end > branch + 1 ? 1 : 0;
}
