using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XADD, and XSETID, which tells a stream what it has already given out.</summary>
internal static class XAdd
{
    [Command("XADD", "key [NOMKSTREAM] [KEEPREF | DELREF | ACKED] [IDMPAUTO pid | IDMP pid iid] "
        + "[(MAXLEN | MINID) [= | ~] threshold [LIMIT count:integer]] (auto-id=* | id) (field value)...",
        Group.Stream, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "5.0.0", Cost = "O(1), and O(N) in the nodes that are trimmed",
        Keys = "RW UPDATE -- UPDATE instead of INSERT because of the optional trimming feature", Tips = "nondeterministic_output",
        Summary = "Adds an entry at the end of a stream.")]
    public static void Add(Execution x)
    {
        var options = new XAddOptions();
        if (!options.TryRead(x)) return;
        if (!StreamArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists && options.LeavesAbsent)
        {
            x.Reply.Null();
            return;
        }
        Span<byte> name = stackalloc byte[Idempotency.AutomaticNameBytes];
        if (options.ProducerAt > 0 && options.NameAt == 0) Idempotency.NameByContent(x, options.FirstField, name);
        scoped ReadOnlySpan<byte> entryName = options.NameAt > 0 ? x.Args[options.NameAt] : name;
        if (options.ProducerAt > 0 && key.Exists && StreamIdempotency.TryFind(in key, x.Args[options.ProducerAt], entryName, x.NowMs, out StreamId there))
        {
            StreamIdempotency.CountDuplicate(ref key);
            StreamReply.Id(x.Reply, there);
            return;
        }
        StreamId last = key.Exists ? StreamValue.Head(in key).LastId : StreamId.Min;
        if (last == StreamId.Max)
        {
            x.Reply.Error("ERR The stream has exhausted the last possible ID, unable to add more items"u8);
            return;
        }
        if (!options.TryNextId(x, last, out StreamId id)) return;
        if (!key.Exists) StreamValue.Create(ref key);
        StreamValue.Append(ref key, id, in x.Args, options.FirstField, options.FieldCount, options.TextBytes);
        long trimmed = options.Trim.IsGiven ? options.Trim.Apply(x, ref key) : 0;
        Log(x, in key, in options, id, trimmed > 0);
        if (options.ProducerAt > 0)
        {
            StreamIdempotency.Remember(ref key, x.Args[options.ProducerAt], entryName, id, x.NowMs);
            x.Effect(5).Word("XIDMPRECORD"u8).Word(key.Name).Word(x.Args[options.ProducerAt]).Word(entryName).Word(id);
        }
        x.Changed(in key, EventClass.Stream, "xadd"u8);
        if (trimmed > 0) x.Notify(in key, EventClass.Stream, "xtrim"u8);
        StreamReply.Id(x.Reply, id);
    }

    [Command("XSETID", "key last-id [ENTRIESADDED entries-added:integer] [MAXDELETEDID max-deleted-entry-id]", Group.Stream,
        Flags.Write | Flags.DenyOom | Flags.Fast, Since = "5.0.0", Cost = "O(1)",
        Summary = "Sets the identifier that a stream has given last.")]
    public static void SetId(Execution x)
    {
        if (!StreamArgument.TryId(x, 2, out StreamId id)) return;
        long entriesAdded = -1;
        StreamId maxDeletedId = default;
        for (int i = 3; i < x.Args.Count; i += 2)
        {
            bool isLast = i + 1 == x.Args.Count;
            if (!isLast && x.Is(i, "ENTRIESADDED"u8))
            {
                if (!x.TryInteger(i + 1, out entriesAdded)) return;
                if (entriesAdded >= 0) continue;
                x.Reply.Error("ERR entries_added must be positive"u8);
                return;
            }
            if (!isLast && x.Is(i, "MAXDELETEDID"u8))
            {
                if (!StreamArgument.TryId(x, i + 1, out maxDeletedId)) return;
                if (id >= maxDeletedId) continue;
                x.Reply.Error("ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id"u8);
                return;
            }
            x.Reply.Error(Errors.Syntax);
            return;
        }
        SetPast(x, id, entriesAdded, maxDeletedId);
    }

    private static void SetPast(Execution x, StreamId id, long entriesAdded, StreamId maxDeletedId)
    {
        if (!StreamArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Error(Errors.NoSuchKey);
            return;
        }
        StreamHead head = StreamValue.Head(in key);
        if (head.Entries.Count > 0)
        {
            StreamWalk walk = StreamValue.Walk(in key, StreamId.Min, StreamId.Max, isBackward: true);
            if (walk.TryNext(out StreamEntry entry) && id < entry.Id)
            {
                x.Reply.Error("ERR The ID specified in XSETID is smaller than the target stream top item"u8);
                return;
            }
            if (entriesAdded >= 0 && entriesAdded < head.Entries.Count)
            {
                x.Reply.Error("ERR The entries_added specified in XSETID is smaller than the target stream length"u8);
                return;
            }
        }
        StreamValue.SetPast(ref key, id, maxDeletedId == default ? head.MaxDeletedId : maxDeletedId, entriesAdded < 0 ? head.EntriesAdded : entriesAdded);
        x.ChangedBeside(in key, "xsetid"u8);
        x.Reply.Ok();
    }

    /// <summary>The log has the identifier that was found, and the length that was trimmed to.</summary>
    private static void Log(Execution x, in Key key, in XAddOptions options, StreamId id, bool wasTrimmed)
    {
        if (options.Trim is { References: not ReferenceRule.Keep } && wasTrimmed)
        {
            LogWithReferences(x, in options, id);
            return;
        }
        EffectWriter effect = x.Effect(x.Args.Count - options.IdAt + 2 + (wasTrimmed ? 3 : 0)).Word("XADD"u8).Word(key.Name);
        if (wasTrimmed) effect = effect.Word("MAXLEN"u8).Word("="u8).Word(StreamValue.Length(in key));
        effect = effect.Word(id);
        for (int i = options.FirstField; i < x.Args.Count; i++) effect = effect.Word(x.Args[i]);
    }

    private static void LogWithReferences(Execution x, in XAddOptions options, StreamId id)
    {
        int unsaid = options.ProducerAt == 0 ? 0 : options.NameAt == 0 ? 2 : 3;
        EffectWriter effect = x.Effect(x.Args.Count - unsaid);
        for (int i = 0; i < x.Args.Count; i++)
        {
            // What a producer calls the entry is said by itself.
            if (options.ProducerAt > 0 && i >= options.ProducerAt - 1 && i < options.ProducerAt - 1 + unsaid) continue;
            effect = i == options.IdAt ? effect.Word(id) : effect.Word(x.Args[i]);
        }
    }
}
