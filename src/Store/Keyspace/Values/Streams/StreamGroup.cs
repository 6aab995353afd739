using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>A consumer group, behind its name in <see cref="NamedBlocks{THead}"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GroupHead
{
    /// <summary>What was delivered last: the group reads on behind it.</summary>
    public StreamId LastDelivered;

    /// <summary>Entries that the group has read, as far as that is known, or <see cref="StreamGroup.EntriesUnknown"/>.</summary>
    public long EntriesRead;

    /// <summary>Entries delivered and not acknowledged: <see cref="PendingEntry"/>.</summary>
    public CountedTreeRoot Pending;

    /// <summary>Those who read: <see cref="ConsumerHead"/>.</summary>
    public NamedBlocksRoot Consumers;
}

/// <summary>A consumer of a group.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConsumerHead
{
    /// <summary>When it last asked for anything, in milliseconds since 1970.</summary>
    public long SeenAtMs;

    /// <summary>When it last got anything, or <see cref="StreamGroup.NeverActive"/>.</summary>
    public long ActiveAtMs;

    /// <summary>The identifiers of its pending entries: <see cref="OwnedEntry"/>.</summary>
    public CountedTreeRoot Owned;
}

/// <summary>An entry that was delivered and not acknowledged.</summary>
/// <param name="Consumer">The number of the consumer that has it, or <see cref="StreamGroup.Nobody"/>.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PendingEntry(StreamId Id, long DeliveredAtMs, long DeliveryCount, long Consumer) : IIdRecord;

/// <summary>One of the pending entries of a consumer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct OwnedEntry(StreamId Id) : IIdRecord;

/// <summary>
/// A consumer group of a stream, to be read and changed. Valid until the key is written, and until a group is added or removed. Whoever
/// changes it has got it by <see cref="StreamValue.TryEditGroup"/>.
/// </summary>
internal readonly ref struct StreamGroup(Arena memory, BlockRef block)
{
    /// <summary>As <see cref="GroupHead.EntriesRead"/>: it cannot be told.</summary>
    public const long EntriesUnknown = -1;

    /// <summary>As <see cref="ConsumerHead.ActiveAtMs"/>.</summary>
    public const long NeverActive = -1;

    /// <summary>As <see cref="PendingEntry.Consumer"/>: it was given back to the group.</summary>
    public const long Nobody = -1;

    private readonly Arena _memory = memory;

    /// <summary>Where it lies.</summary>
    public BlockRef Block { get; } = block;

    public ReadOnlySpan<byte> Name => NamedBlocks<GroupHead>.NameOf(_memory, Block);

    public ref readonly GroupHead Head => ref NamedBlocks<GroupHead>.HeadOf(_memory, Block);

    public long PendingCount => Head.Pending.Count;

    /// <summary>The lowest pending identifier; there is one.</summary>
    public StreamId FirstPending => IdTree<PendingEntry>.First(_memory, in Head.Pending).Id;

    /// <summary>The highest pending identifier; there is one.</summary>
    public StreamId LastPending => IdTree<PendingEntry>.Last(_memory, in Head.Pending).Id;

    /// <summary>Pending entries that are nobody's.</summary>
    public long UnownedCount
    {
        get
        {
            long owned = 0;
            for (int i = 0; i < ConsumerCount; i++) owned += ConsumerAt(i).PendingCount;
            return PendingCount - owned;
        }
    }

    public bool HasUnowned => UnownedCount > 0;

    public int ConsumerCount => Head.Consumers.Count;

    /// <summary>Moves what the group reads next behind this entry.</summary>
    public void SetLastDelivered(StreamId id, long entriesRead)
    {
        ref GroupHead head = ref NamedBlocks<GroupHead>.Edit(_memory, Block);
        head.LastDelivered = id;
        head.EntriesRead = entriesRead;
    }

    /// <summary>The consumer at this place in the order of the names.</summary>
    public StreamConsumer ConsumerAt(int index) => new(_memory, NamedBlocks<ConsumerHead>.InOrder(_memory, in Head.Consumers, index));

    /// <summary>The consumer that has a pending entry; false where nobody has it.</summary>
    public bool TryGetOwner(in PendingEntry entry, out StreamConsumer consumer)
    {
        consumer = default;
        if (entry.Consumer == Nobody) return false;
        consumer = new StreamConsumer(_memory, NamedBlocks<ConsumerHead>.ByNumber(_memory, in Head.Consumers, (int)entry.Consumer));
        return true;
    }

    public bool TryFindConsumer(ReadOnlySpan<byte> name, out StreamConsumer consumer)
    {
        bool isThere = NamedBlocks<ConsumerHead>.TryFind(_memory, in Head.Consumers, name, out BlockRef found, out _);
        consumer = new StreamConsumer(_memory, found);
        return isThere;
    }

    /// <summary>Finds a consumer, or adds it.</summary>
    public StreamConsumer GetOrAddConsumer(ReadOnlySpan<byte> name, long nowMs, out bool isNew)
    {
        isNew = !NamedBlocks<ConsumerHead>.TryFind(_memory, in Head.Consumers, name, out BlockRef found, out int index);
        if (isNew)
        {
            found = NamedBlocks<ConsumerHead>.Add(_memory, ref NamedBlocks<GroupHead>.Edit(_memory, Block).Consumers, index, name);
            ref ConsumerHead head = ref NamedBlocks<ConsumerHead>.HeadOf(_memory, found);
            head.SeenAtMs = nowMs;
            head.ActiveAtMs = NeverActive;
        }
        return new StreamConsumer(_memory, found);
    }

    /// <summary>Removes a consumer with its pending entries; returns how many those were, or -1 if it is not there.</summary>
    public long RemoveConsumer(ReadOnlySpan<byte> name)
    {
        if (!NamedBlocks<ConsumerHead>.TryFind(_memory, in Head.Consumers, name, out BlockRef found, out int index)) return -1;
        ref GroupHead head = ref NamedBlocks<GroupHead>.Edit(_memory, Block);
        ref ConsumerHead consumer = ref NamedBlocks<ConsumerHead>.Edit(_memory, found);
        long owned = consumer.Owned.Count;
        while (consumer.Owned.Count > 0)
        {
            StreamId id = IdTree<OwnedEntry>.Last(_memory, in consumer.Owned).Id;
            if (IdTree<PendingEntry>.TryFind(_memory, in head.Pending, id, out IdPlace pending))
                IdTree<PendingEntry>.Remove(_memory, ref head.Pending, in pending);
            IdTree<OwnedEntry>.TryFind(_memory, in consumer.Owned, id, out IdPlace place);
            IdTree<OwnedEntry>.Remove(_memory, ref consumer.Owned, in place);
        }
        NamedBlocks<ConsumerHead>.Remove(_memory, ref head.Consumers, index);
        return owned;
    }

    public bool TryGetPending(StreamId id, out PendingEntry entry)
    {
        bool isThere = IdTree<PendingEntry>.TryFind(_memory, in Head.Pending, id, out IdPlace place);
        entry = isThere ? IdTree<PendingEntry>.At(_memory, in place) : default;
        return isThere;
    }

    /// <summary>A walk over the pending entries from this identifier on.</summary>
    public PendingWalk WalkPending(StreamId from) => new(_memory, in Head.Pending, from);

    /// <summary>Makes an entry a consumer's, whoever had it, with this time and count of its delivery.</summary>
    public void Give(StreamId id, StreamConsumer consumer, long deliveredAtMs, long deliveryCount)
    {
        ref GroupHead head = ref NamedBlocks<GroupHead>.Edit(_memory, Block);
        long number = consumer.Number;
        var entry = new PendingEntry(id, deliveredAtMs, deliveryCount, number);
        if (IdTree<PendingEntry>.TryFind(_memory, in head.Pending, id, out IdPlace place))
        {
            ref PendingEntry there = ref IdTree<PendingEntry>.Edit(_memory, in place);
            if (there.Consumer != number)
            {
                if (TryGetOwner(in there, out StreamConsumer before)) before.Lose(id);
                consumer.Own(id);
            }
            there = entry;
            return;
        }
        IdTree<PendingEntry>.Insert(_memory, ref head.Pending, entry);
        consumer.Own(id);
    }

    /// <summary>Makes an entry nobody's: it is pending, and the next who reads from the group gets it.</summary>
    public void Release(StreamId id, long deliveredAtMs, long deliveryCount)
    {
        ref GroupHead head = ref NamedBlocks<GroupHead>.Edit(_memory, Block);
        var entry = new PendingEntry(id, deliveredAtMs, deliveryCount, Nobody);
        if (!IdTree<PendingEntry>.TryFind(_memory, in head.Pending, id, out IdPlace place))
        {
            IdTree<PendingEntry>.Insert(_memory, ref head.Pending, entry);
            return;
        }
        ref PendingEntry there = ref IdTree<PendingEntry>.Edit(_memory, in place);
        if (TryGetOwner(in there, out StreamConsumer owner)) owner.Lose(id);
        there = entry;
    }

    /// <summary>Takes an entry out of the pending ones; false if it is not there.</summary>
    public bool Acknowledge(StreamId id)
    {
        if (!IdTree<PendingEntry>.TryFind(_memory, in Head.Pending, id, out IdPlace place)) return false;
        ref GroupHead head = ref NamedBlocks<GroupHead>.Edit(_memory, Block);
        PendingEntry entry = IdTree<PendingEntry>.At(_memory, in place);
        if (TryGetOwner(in entry, out StreamConsumer owner)) owner.Lose(id);
        IdTree<PendingEntry>.Remove(_memory, ref head.Pending, in place);
        return true;
    }
}

/// <summary>A consumer, to be read and changed, as long as its group.</summary>
internal readonly ref struct StreamConsumer(Arena memory, BlockRef block)
{
    private readonly Arena _memory = memory;
    private readonly BlockRef _block = block;

    public ReadOnlySpan<byte> Name => NamedBlocks<ConsumerHead>.NameOf(_memory, _block);

    /// <summary>By which pending entries name it.</summary>
    public int Number => NamedBlocks<ConsumerHead>.NumberOf(_memory, _block);

    public ref readonly ConsumerHead Head => ref NamedBlocks<ConsumerHead>.HeadOf(_memory, _block);

    public long PendingCount => Head.Owned.Count;

    /// <summary>It has asked.</summary>
    public void See(long nowMs) => NamedBlocks<ConsumerHead>.Edit(_memory, _block).SeenAtMs = nowMs;

    /// <summary>It has got something.</summary>
    public void Activate(long nowMs) => NamedBlocks<ConsumerHead>.Edit(_memory, _block).ActiveAtMs = nowMs;

    /// <summary>The first of its pending entries that is not before this identifier.</summary>
    public bool TryFirstOwned(StreamId from, out StreamId id)
    {
        id = default;
        ref readonly CountedTreeRoot owned = ref Head.Owned;
        IdPlace place = IdTree<OwnedEntry>.Find(_memory, in owned, from);
        if (!IdTree<OwnedEntry>.Exists(_memory, in owned, in place)) return false;
        id = IdTree<OwnedEntry>.At(_memory, in place).Id;
        return true;
    }

    internal void Own(StreamId id) => IdTree<OwnedEntry>.Insert(_memory, ref NamedBlocks<ConsumerHead>.Edit(_memory, _block).Owned, new OwnedEntry(id));

    internal void Lose(StreamId id)
    {
        ref ConsumerHead head = ref NamedBlocks<ConsumerHead>.Edit(_memory, _block);
        if (IdTree<OwnedEntry>.TryFind(_memory, in head.Owned, id, out IdPlace place)) IdTree<OwnedEntry>.Remove(_memory, ref head.Owned, in place);
    }
}

/// <summary>A walk over pending entries in the order of their identifiers; whoever changes the group begins another.</summary>
internal ref struct PendingWalk
{
    private readonly Arena _memory;
    private IdPlace _place;
    private bool _isThere;

    internal PendingWalk(Arena memory, in CountedTreeRoot pending, StreamId from)
    {
        _memory = memory;
        _place = IdTree<PendingEntry>.Find(memory, in pending, from);
        _isThere = IdTree<PendingEntry>.Exists(memory, in pending, in _place);
    }

    public bool TryNext(out PendingEntry entry)
    {
        entry = default;
        if (!_isThere) return false;
        entry = IdTree<PendingEntry>.At(_memory, in _place);
        _isThere = IdTree<PendingEntry>.TryNext(_memory, ref _place);
        return true;
    }
}
