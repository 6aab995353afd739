using System.Diagnostics;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Persistence.Aof;

/// <content>Elements of a collection by the blocks that hold them, or leaves by theirs.</content>
internal static partial class EntryCommands
{
    /// <summary>Writes the commands that add these to the key.</summary>
    public static void WriteElements(
        EffectBuffer commands, int databaseId, ReadOnlySpan<byte> key, KeyType type, Arena memory, ReadOnlySpan<BlockRef> elements)
    {
        switch (type)
        {
            case KeyType.Set:
                var members = new Batches(commands, databaseId, "SADD"u8, key, elements.Length, ElementsPerCommand);
                foreach (BlockRef element in elements) members.Word(MemberLayout.KeyOf(memory, element));
                break;
            case KeyType.Hash:
                WriteFields(commands, databaseId, key, memory, elements);
                break;
            case KeyType.SortedSet:
                WriteScored(commands, databaseId, key, memory, elements);
                break;
            case KeyType.List:
                foreach (BlockRef leaf in elements) WriteLeaf(commands, databaseId, key, memory, leaf);
                break;
            case KeyType.Stream:
                foreach (BlockRef leaf in elements)
                    StreamCommands.WriteEntries(commands, databaseId, key, new StreamWalk(memory, TreeOf(leaf, 1), StreamId.Min, StreamId.Max, isBackward: false));
                break;
            default:
                throw new UnreachableException($"A {type} has no elements.");
        }
    }

    private static void WriteFields(EffectBuffer commands, int databaseId, ReadOnlySpan<byte> key, Arena memory, ReadOnlySpan<BlockRef> elements)
    {
        var fields = new Fields(new Batches(commands, databaseId, "HMSET"u8, key, 2 * elements.Length, 2 * ElementsPerCommand));
        foreach (BlockRef element in elements)
            fields.Visit(new ListPackElement(FieldLayout.KeyOf(memory, element)), new ListPackElement(FieldLayout.ValueOf(memory, element)), FieldLayout.Never);
        var expiries = new FieldExpiries(commands, databaseId, key);
        foreach (BlockRef element in elements)
            expiries.Visit(new ListPackElement(FieldLayout.KeyOf(memory, element)), default, FieldLayout.ExpiresAtMs(memory, element));
    }

    private static void WriteScored(EffectBuffer commands, int databaseId, ReadOnlySpan<byte> key, Arena memory, ReadOnlySpan<BlockRef> elements)
    {
        var batches = new Batches(commands, databaseId, "ZADD"u8, key, 2 * elements.Length, 2 * ElementsPerCommand);
        Span<byte> text = stackalloc byte[Numbers.DoubleBytesMax];
        foreach (BlockRef element in elements)
        {
            batches.Word(text[..Numbers.FormatDouble(SortedElement.ScoreOf(memory, element), text)]);
            batches.Word(SortedElement.KeyOf(memory, element));
        }
    }

    private static void WriteLeaf(EffectBuffer commands, int databaseId, ReadOnlySpan<byte> key, Arena memory, BlockRef leaf)
    {
        int count = ListLeaf.Count(memory, leaf);
        var batches = new Batches(commands, databaseId, "RPUSH"u8, key, count, ElementsPerCommand);
        var walk = new ListWalk(memory, TreeOf(leaf, count), 0, isBackward: false);
        while (walk.TryNext(out ListPackElement element)) batches.Visit(element);
    }

    /// <summary>A leaf is a tree of one.</summary>
    private static CountedTreeRoot TreeOf(BlockRef leaf, long count) => new() { Top = leaf.Value, Count = count };
}
