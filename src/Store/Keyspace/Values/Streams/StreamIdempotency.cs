using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>What a stream knows of the producers that name their entries, in a block of its own that only such streams have.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IdempotencyHead
{
    /// <summary>How long a name is known, in seconds.</summary>
    public long DurationSeconds;

    /// <summary>How many names of each producer are known.</summary>
    public long EntriesMax;

    /// <summary>Entries added under a name, ever.</summary>
    public long Added;

    /// <summary>Entries that were not added, because their name was known.</summary>
    public long Duplicates;

    /// <summary>Names that are known.</summary>
    public long Tracked;

    /// <summary>The producers: <see cref="ProducerHead"/>.</summary>
    public NamedBlocksRoot Producers;

    /// <summary>The producer whose names are looked at next, lest those of one who is gone stay for ever.</summary>
    public int NextLook;
}

/// <summary>A producer: the names of its entries, and the same in the order in which the entries were added.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProducerHead
{
    public HashTableRoot Names;
    public CountedTreeRoot Order;
}

/// <summary>An entry that a producer has named, once at the most, by the order of adding.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NamedEntry(StreamId Id, ulong Element) : IIdRecord;

/// <summary>
/// At most once: an entry that a producer adds again under the same name is not added, and its first identifier is given
/// instead (XADD IDMP). Names are known for a time, and so many of each producer; an entry's identifier tells when it was.
/// </summary>
internal static partial class StreamIdempotency
{
    /// <summary>The most of <see cref="IdempotencyHead.DurationSeconds"/>; the least is 1.</summary>
    public const long DurationSecondsMax = 86_400;

    /// <summary>The most of <see cref="IdempotencyHead.EntriesMax"/>; the least is 1.</summary>
    public const long EntriesMaxMax = 10_000;

    /// <summary>The head, of a stream that has one.</summary>
    public static ref readonly IdempotencyHead Head(in Key key) => ref HeadIn(key.Memory, BlockOf(in key));

    public static bool Exists(in Key key) => !BlockOf(in key).IsNone;

    /// <summary>The entry that the producer has added under this name, if that is still known.</summary>
    public static bool TryFind(in Key key, scoped ReadOnlySpan<byte> producer, scoped ReadOnlySpan<byte> name, long nowMs, out StreamId id)
    {
        id = default;
        if (!Exists(in key)) return false;
        Arena arena = key.Memory;
        ref readonly IdempotencyHead head = ref Head(in key);
        if (!NamedBlocks<ProducerHead>.TryFind(arena, in head.Producers, producer, out BlockRef block, out _)) return false;
        ref readonly HashTableRoot names = ref NamedBlocks<ProducerHead>.HeadOf(arena, block).Names;
        if (!HashTable<IdempotentElement>.Find(arena, in names, key.Hashing.Of(name), name, out BlockRef element).IsFound) return false;
        id = IdempotentElement.IdOf(arena, element);
        return !IsPast(id, head.DurationSeconds, nowMs);
    }

    /// <summary>The producer has added this entry under some name, and that is still known.</summary>
    public static bool IsNamed(in Key key, scoped ReadOnlySpan<byte> producer, StreamId id, long nowMs)
    {
        if (!Exists(in key)) return false;
        Arena arena = key.Memory;
        ref readonly IdempotencyHead head = ref Head(in key);
        return NamedBlocks<ProducerHead>.TryFind(arena, in head.Producers, producer, out BlockRef block, out _)
            && IdTree<NamedEntry>.TryFind(arena, in NamedBlocks<ProducerHead>.HeadOf(arena, block).Order, id, out _)
            && !IsPast(id, head.DurationSeconds, nowMs);
    }

    /// <summary>A name that was known was used again.</summary>
    public static void CountDuplicate(ref Key key) => Edit(ref key).Duplicates++;

    /// <summary>The producer has added this entry under this name. What else it has called so is forgotten, and how else it has called the entry.</summary>
    public static void Remember(ref Key key, scoped ReadOnlySpan<byte> producer, scoped ReadOnlySpan<byte> name, StreamId id, long nowMs)
    {
        Arena arena = key.Memory;
        ref IdempotencyHead head = ref Edit(ref key);
        if (!NamedBlocks<ProducerHead>.TryFind(arena, in head.Producers, producer, out BlockRef block, out int index))
            block = NamedBlocks<ProducerHead>.Add(arena, ref head.Producers, index, producer);
        ref ProducerHead own = ref NamedBlocks<ProducerHead>.Edit(arena, block);
        // An entry that is past and was not yet forgotten, or one that is gone, and whose identifier XSETID has let be given again.
        ForgetName(arena, ref head, ref own, key.Hashing, name);
        ForgetId(arena, ref head, ref own, key.Hashing, id);
        BlockRef element = IdempotentElement.Make(arena, name, id);
        HashTable<IdempotentElement>.Insert(arena, ref own.Names, key.Hashing, key.Hashing.Of(name), element);
        IdTree<NamedEntry>.Insert(arena, ref own.Order, new NamedEntry(id, element.Value));
        head.Added++;
        head.Tracked++;
        ForgetPast(arena, ref head, ref own, key.Hashing, nowMs);
        LookAtNext(arena, ref head, key.Hashing, nowMs);
    }

    /// <summary>Sets for how long, and how many names are known; where that changes anything all are forgotten.</summary>
    public static void Configure(ref Key key, long? durationSeconds, long? entriesMax)
    {
        ref IdempotencyHead head = ref Edit(ref key);
        long duration = durationSeconds ?? head.DurationSeconds;
        long entries = entriesMax ?? head.EntriesMax;
        if (duration == head.DurationSeconds && entries == head.EntriesMax) return;
        (head.DurationSeconds, head.EntriesMax) = (duration, entries);
        int budget = int.MaxValue;
        DropProducers(key.Memory, ref head, ref budget);
        head.Tracked = 0;
    }

    /// <summary>Frees all, a part at a time; true when nothing is left.</summary>
    public static bool Drop(Arena arena, ref ulong reference, ref int budget)
    {
        if (reference == 0) return true;
        var block = new BlockRef(reference);
        arena.BeforeChange(block);
        if (!DropProducers(arena, ref HeadIn(arena, block), ref budget)) return false;
        arena.Free(block);
        reference = 0;
        return true;
    }

    public static ulong Copy(Arena arena, KeyedHash hashing, ulong reference)
    {
        if (reference == 0) return 0;
        BlockRef copy = arena.Allocate(SizeOf<IdempotencyHead>.Bytes);
        ref IdempotencyHead head = ref HeadIn(arena, copy);
        head = HeadIn(arena, new BlockRef(reference));
        head.Producers = NamedBlocks<ProducerHead>.Copy(arena, in head.Producers);
        for (int i = 0; i < head.Producers.Count; i++)
        {
            ref ProducerHead own = ref NamedBlocks<ProducerHead>.HeadOf(arena, NamedBlocks<ProducerHead>.InOrder(arena, in head.Producers, i));
            CountedTreeRoot order = own.Order;
            own = default;
            IdPlace place = IdTree<NamedEntry>.Find(arena, in order, StreamId.Min);
            for (bool isThere = IdTree<NamedEntry>.Exists(arena, in order, in place); isThere; isThere = IdTree<NamedEntry>.TryNext(arena, ref place))
            {
                NamedEntry entry = IdTree<NamedEntry>.At(arena, in place);
                ReadOnlySpan<byte> name = IdempotentElement.KeyOf(arena, new BlockRef(entry.Element));
                BlockRef element = IdempotentElement.Make(arena, name, entry.Id);
                HashTable<IdempotentElement>.Insert(arena, ref own.Names, hashing, hashing.Of(name), element);
                IdTree<NamedEntry>.Insert(arena, ref own.Order, entry with { Element = element.Value });
            }
        }
        return copy.Value;
    }

    /// <summary>The bytes of its blocks.</summary>
    public static long MemoryBytes(Arena arena, ulong reference, int samples)
    {
        if (reference == 0) return 0;
        ref readonly IdempotencyHead head = ref HeadIn(arena, new BlockRef(reference));
        long bytes = arena.SizeOf(new BlockRef(reference)) + NamedBlocks<ProducerHead>.MemoryBytes(arena, in head.Producers);
        for (int i = 0; i < head.Producers.Count; i++)
        {
            ref readonly ProducerHead own = ref NamedBlocks<ProducerHead>.HeadOf(arena, NamedBlocks<ProducerHead>.InOrder(arena, in head.Producers, i));
            bytes += HashTable<IdempotentElement>.OwnBytes(arena, in own.Names) + IdTree<NamedEntry>.MemoryBytes(arena, in own.Order, samples);
            IdPlace place = IdTree<NamedEntry>.Find(arena, in own.Order, StreamId.Min);
            for (bool isThere = IdTree<NamedEntry>.Exists(arena, in own.Order, in place); isThere; isThere = IdTree<NamedEntry>.TryNext(arena, ref place))
                bytes += IdempotentElement.MemoryBytes(arena, new BlockRef(IdTree<NamedEntry>.At(arena, in place).Element));
        }
        return bytes;
    }

    private static bool IsPast(StreamId id, long durationSeconds, long nowMs) => nowMs >= 0 && (ulong)nowMs > id.Ms && ((ulong)nowMs - id.Ms) / 1000 >= (ulong)durationSeconds;

    private static void ForgetPast(Arena arena, ref IdempotencyHead head, ref ProducerHead own, KeyedHash hashing, long nowMs)
    {
        while (own.Order.Count > 0)
        {
            IdPlace first = IdTree<NamedEntry>.Find(arena, in own.Order, StreamId.Min);
            if (own.Order.Count <= head.EntriesMax && !IsPast(IdTree<NamedEntry>.At(arena, in first).Id, head.DurationSeconds, nowMs)) return;
            Forget(arena, ref head, ref own, hashing, in first);
        }
    }

    private static void ForgetName(Arena arena, ref IdempotencyHead head, ref ProducerHead own, KeyedHash hashing, ReadOnlySpan<byte> name)
    {
        if (HashTable<IdempotentElement>.Find(arena, in own.Names, hashing.Of(name), name, out BlockRef element).IsFound)
            ForgetId(arena, ref head, ref own, hashing, IdempotentElement.IdOf(arena, element));
    }

    private static void ForgetId(Arena arena, ref IdempotencyHead head, ref ProducerHead own, KeyedHash hashing, StreamId id)
    {
        if (IdTree<NamedEntry>.TryFind(arena, in own.Order, id, out IdPlace place)) Forget(arena, ref head, ref own, hashing, in place);
    }

    /// <summary>Takes the entry at this place out of the order, whatever the table says of its name, so that who forgets all comes to an end.</summary>
    private static void Forget(Arena arena, ref IdempotencyHead head, ref ProducerHead own, KeyedHash hashing, in IdPlace place)
    {
        var element = new BlockRef(IdTree<NamedEntry>.At(arena, in place).Element);
        ReadOnlySpan<byte> name = IdempotentElement.KeyOf(arena, element);
        ulong hash = hashing.Of(name);
        TablePosition position = HashTable<IdempotentElement>.Find(arena, in own.Names, hash, name, out _);
        if (position.IsFound) HashTable<IdempotentElement>.Remove(arena, ref own.Names, hash, position);
        IdTree<NamedEntry>.Remove(arena, ref own.Order, in place);
        IdempotentElement.Free(arena, element);
        head.Tracked--;
    }

    /// <summary>Looks at one producer more each time, so that those who are gone do not stay for ever.</summary>
    private static void LookAtNext(Arena arena, ref IdempotencyHead head, KeyedHash hashing, long nowMs)
    {
        if (head.NextLook >= head.Producers.Count) head.NextLook = 0;
        ref ProducerHead own = ref NamedBlocks<ProducerHead>.Edit(arena, NamedBlocks<ProducerHead>.InOrder(arena, in head.Producers, head.NextLook));
        ForgetPast(arena, ref head, ref own, hashing, nowMs);
        if (own.Order.Count == 0) NamedBlocks<ProducerHead>.Remove(arena, ref head.Producers, head.NextLook);
        else head.NextLook++;
    }

    private static bool DropProducers(Arena arena, ref IdempotencyHead head, ref int budget)
    {
        while (head.Producers.Count > 0 && budget > 0)
        {
            int last = head.Producers.Count - 1;
            ref ProducerHead own = ref NamedBlocks<ProducerHead>.Edit(arena, NamedBlocks<ProducerHead>.InOrder(arena, in head.Producers, last));
            var freeing = new Freeing(arena);
            long before = own.Names.Count;
            bool isGone = HashTable<IdempotentElement>.Drop(arena, ref own.Names, budget, ref freeing);
            budget -= (int)Math.Min(budget, 1 + before - own.Names.Count);
            if (!isGone || !IdTree<NamedEntry>.Drop(arena, ref own.Order, ref budget)) return false;
            NamedBlocks<ProducerHead>.Remove(arena, ref head.Producers, last);
        }
        return head.Producers.Count == 0;
    }

    /// <summary>The head, made if there is none.</summary>
    private static ref IdempotencyHead Edit(ref Key key)
    {
        ref StreamHead stream = ref StreamRoot.Head(key.EditRoot());
        if (stream.Idempotency == 0)
        {
            BlockRef block = key.Memory.Allocate(SizeOf<IdempotencyHead>.Bytes);
            HeadIn(key.Memory, block) = new IdempotencyHead
            {
                DurationSeconds = key.Settings.StreamIdmpDurationSeconds,
                EntriesMax = key.Settings.StreamIdmpEntriesMax,
            };
            stream.Idempotency = block.Value;
        }
        key.Memory.BeforeChange(new BlockRef(stream.Idempotency));
        return ref HeadIn(key.Memory, new BlockRef(stream.Idempotency));
    }

    private static BlockRef BlockOf(in Key key) => new(StreamValue.Head(in key).Idempotency);

    private static ref IdempotencyHead HeadIn(Arena arena, BlockRef block) =>
        ref MemoryMarshal.AsRef<IdempotencyHead>(arena.Span(block, SizeOf<IdempotencyHead>.Bytes));

    private readonly struct Freeing(Arena arena) : IBlockVisitor
    {
        public void Visit(BlockRef block) => IdempotentElement.Free(arena, block);
    }
}
