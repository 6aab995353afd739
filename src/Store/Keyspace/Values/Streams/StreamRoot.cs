using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>What lies in the entry of a stream.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StreamHead
{
    /// <summary>The nodes; its count is the stream's length.</summary>
    public CountedTreeRoot Entries;

    /// <summary>The identifier given last.</summary>
    public StreamId LastId;

    /// <summary>The highest identifier of what was deleted otherwise than by trimming.</summary>
    public StreamId MaxDeletedId;

    /// <summary>Entries ever added.</summary>
    public long EntriesAdded;

    /// <summary>The consumer groups: <see cref="GroupHead"/>.</summary>
    public NamedBlocksRoot Groups;

    /// <summary>The block of <see cref="IdempotencyHead"/>, or none.</summary>
    public ulong Idempotency;
}

/// <summary>A stream: nodes of entries, and the groups that read it.</summary>
internal sealed partial class StreamRoot : RootedValue
{
    private StreamRoot() { }

    public static StreamRoot Instance { get; } = new();

    public override int RootBytes => SizeOf<StreamHead>.Bytes;

    public static ref StreamHead Head(Span<byte> root) => ref MemoryMarshal.AsRef<StreamHead>(root);

    public static ref readonly StreamHead Head(ReadOnlySpan<byte> root) => ref MemoryMarshal.AsRef<StreamHead>(root);

    public override long Count(ReadOnlySpan<byte> root) => Head(root).Entries.Count;

    public override bool Drop(Arena arena, Span<byte> root, ref int budget)
    {
        ref StreamHead head = ref Head(root);
        while (head.Groups.Count > 0 && budget > 0)
        {
            int last = head.Groups.Count - 1;
            BlockRef block = NamedBlocks<GroupHead>.InOrder(arena, in head.Groups, last);
            if (!DropGroup(arena, ref NamedBlocks<GroupHead>.Edit(arena, block), ref budget)) return false;
            NamedBlocks<GroupHead>.Remove(arena, ref head.Groups, last);
            budget--;
        }
        return head.Groups.Count == 0 && StreamIdempotency.Drop(arena, ref head.Idempotency, ref budget) && StreamTree.Drop(arena, ref head.Entries, ref budget);
    }

    /// <summary>Frees what a group has, a part at a time; true when nothing is left.</summary>
    public static bool DropGroup(Arena arena, ref GroupHead group, ref int budget)
    {
        while (group.Consumers.Count > 0 && budget > 0)
        {
            int last = group.Consumers.Count - 1;
            BlockRef block = NamedBlocks<ConsumerHead>.InOrder(arena, in group.Consumers, last);
            if (!IdTree<OwnedEntry>.Drop(arena, ref NamedBlocks<ConsumerHead>.Edit(arena, block).Owned, ref budget)) return false;
            NamedBlocks<ConsumerHead>.Remove(arena, ref group.Consumers, last);
            budget--;
        }
        return group.Consumers.Count == 0 && IdTree<PendingEntry>.Drop(arena, ref group.Pending, ref budget);
    }

    public override void Copy(Arena arena, KeyedHash hashing, ReadOnlySpan<byte> root, Span<byte> copy)
    {
        ref readonly StreamHead from = ref Head(root);
        ref StreamHead to = ref Head(copy);
        to = from;
        to.Entries = StreamTree.Copy(arena, in from.Entries);
        to.Idempotency = StreamIdempotency.Copy(arena, hashing, from.Idempotency);
        to.Groups = NamedBlocks<GroupHead>.Copy(arena, in from.Groups);
        for (int i = 0; i < to.Groups.Count; i++)
        {
            ref GroupHead group = ref NamedBlocks<GroupHead>.HeadOf(arena, NamedBlocks<GroupHead>.InOrder(arena, in to.Groups, i));
            group.Pending = IdTree<PendingEntry>.Copy(arena, in group.Pending);
            group.Consumers = NamedBlocks<ConsumerHead>.Copy(arena, in group.Consumers);
            for (int j = 0; j < group.Consumers.Count; j++)
            {
                ref ConsumerHead consumer = ref NamedBlocks<ConsumerHead>.HeadOf(arena, NamedBlocks<ConsumerHead>.InOrder(arena, in group.Consumers, j));
                consumer.Owned = IdTree<OwnedEntry>.Copy(arena, in consumer.Owned);
            }
        }
    }

    public override long MemoryBytes(Arena arena, ReadOnlySpan<byte> root, int samples)
    {
        ref readonly StreamHead head = ref Head(root);
        long bytes = StreamTree.MemoryBytes(arena, in head.Entries, samples) + NamedBlocks<GroupHead>.MemoryBytes(arena, in head.Groups)
            + StreamIdempotency.MemoryBytes(arena, head.Idempotency, samples);
        for (int i = 0; i < head.Groups.Count; i++)
        {
            ref readonly GroupHead group = ref NamedBlocks<GroupHead>.HeadOf(arena, NamedBlocks<GroupHead>.InOrder(arena, in head.Groups, i));
            bytes += IdTree<PendingEntry>.MemoryBytes(arena, in group.Pending, samples) + NamedBlocks<ConsumerHead>.MemoryBytes(arena, in group.Consumers);
            for (int j = 0; j < group.Consumers.Count; j++)
            {
                BlockRef block = NamedBlocks<ConsumerHead>.InOrder(arena, in group.Consumers, j);
                bytes += IdTree<OwnedEntry>.MemoryBytes(arena, in NamedBlocks<ConsumerHead>.HeadOf(arena, block).Owned, samples);
            }
        }
        return bytes;
    }
}
