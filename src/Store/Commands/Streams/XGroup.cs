using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XGROUP: makes, moves and removes consumer groups and their consumers.</summary>
internal static class XGroup
{
    private const int CreateWordsMax = 8;
    private const int SetIdWordsMax = 7;

    [Command("XGROUP|CREATE", "key groupname (id | new-id=$) [MKSTREAM] [ENTRIESREAD entries-read:integer]", Group.Stream, Flags.Write | Flags.DenyOom,
        Since = "5.0.0", Cost = "O(1)", Keys = "RW INSERT", Summary = "Makes a consumer group that reads on behind an entry.")]
    public static void Create(Execution x)
    {
        if (!TryReadOptions(x, takesMakeStream: true, out bool makesStream, out long entriesRead)) return;
        if (!TryOpen(x, makesStream, out Key key) || !HasWordsUpTo(x, CreateWordsMax) || !TryReadId(x, in key, out StreamId id)) return;
        if (!key.Exists) StreamValue.Create(ref key);
        else makesStream = false;
        if (!StreamValue.TryAddGroup(ref key, x.Args[3], id, entriesRead, out _))
        {
            x.Reply.Error("BUSYGROUP Consumer Group name already exists"u8);
            return;
        }
        if (makesStream) x.Changed(in key, EventClass.Stream, "xgroup-create"u8);
        else x.ChangedBeside(in key, "xgroup-create"u8);
        x.Reply.Ok();
    }

    [Command("XGROUP|SETID", "key groupname (id | new-id=$) [ENTRIESREAD entries-read:integer]", Group.Stream, Flags.Write, Since = "5.0.0", Cost = "O(1)",
        Summary = "Has a consumer group read on behind another entry.")]
    public static void SetId(Execution x)
    {
        if (!TryReadOptions(x, takesMakeStream: false, out _, out long entriesRead)) return;
        if (!TryOpenGroup(x, out Key key, out StreamGroup group) || !HasWordsUpTo(x, SetIdWordsMax)) return;
        // Unlike CREATE it takes the ends of a range too.
        StreamId id = x.Args[4] is [(byte)'+'] ? StreamId.Max : StreamId.Min;
        if (x.Args[4] is not ([(byte)'-'] or [(byte)'+']) && !TryReadId(x, in key, out id)) return;
        group.SetLastDelivered(id, entriesRead);
        x.ChangedBeside(in key, "xgroup-setid"u8);
        x.Reply.Ok();
    }

    [Command("XGROUP|DESTROY", "key groupname", Group.Stream, Flags.Write, Since = "5.0.0", Cost = "O(N) in the pending entries", Keys = "RW DELETE",
        Summary = "Removes a consumer group.")]
    public static void Destroy(Execution x)
    {
        if (!TryOpen(x, mayBeAbsent: false, out Key key)) return;
        bool isGone = StreamValue.RemoveGroup(ref key, x.Args[3]);
        if (isGone)
        {
            x.ChangedBeside(in key, "xgroup-destroy"u8);
            // Who waits for the group is told that it is gone.
            x.Server.Blocking.Signal(key.DatabaseId, key.Name);
        }
        x.Reply.Integer(isGone ? 1 : 0);
    }

    [Command("XGROUP|CREATECONSUMER", "key groupname consumername", Group.Stream, Flags.Write | Flags.DenyOom, Since = "6.2.0", Cost = "O(1)", Keys = "RW INSERT",
        Summary = "Makes a consumer in a group.")]
    public static void CreateConsumer(Execution x)
    {
        if (!TryOpenGroup(x, out Key key, out StreamGroup group)) return;
        group.GetOrAddConsumer(x.Args[4], x.NowMs, out bool isNew);
        if (isNew) x.ChangedBeside(in key, "xgroup-createconsumer"u8);
        x.Reply.Integer(isNew ? 1 : 0);
    }

    [Command("XGROUP|DELCONSUMER", "key groupname consumername", Group.Stream, Flags.Write, Since = "5.0.0", Cost = "O(N) in its pending entries", Keys = "RW DELETE",
        Summary = "Removes a consumer from a group, and counts the entries that were pending for it.")]
    public static void DeleteConsumer(Execution x)
    {
        if (!TryOpenGroup(x, out Key key, out StreamGroup group)) return;
        long pending = group.RemoveConsumer(x.Args[4]);
        if (pending >= 0) x.ChangedBeside(in key, "xgroup-delconsumer"u8);
        x.Reply.Integer(Math.Max(pending, 0));
    }

    [Command("XGROUP|HELP", "", Group.Stream, Flags.Loading | Flags.Stale, Since = "5.0.0", Cost = "O(1)", Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "XGROUP", """
        CREATE <key> <groupname> <id|$> [option]
            Create a new consumer group. Options are:
            * MKSTREAM
              Create the empty stream if it does not exist.
            * ENTRIESREAD entries_read
              Set the group's entries_read counter (internal use).
        CREATECONSUMER <key> <groupname> <consumer>
            Create a new consumer in the specified group.
        DELCONSUMER <key> <groupname> <consumer>
            Remove the specified consumer.
        DESTROY <key> <groupname>
            Remove the specified group.
        SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]
            Set the current group ID and entries_read counter.
        """);

    private static bool TryReadOptions(Execution x, bool takesMakeStream, out bool makesStream, out long entriesRead)
    {
        makesStream = false;
        entriesRead = StreamGroup.EntriesUnknown;
        for (int i = 5; i < x.Args.Count; i++)
        {
            if (takesMakeStream && x.Is(i, "MKSTREAM"u8)) makesStream = true;
            else if (i + 1 < x.Args.Count && x.Is(i, "ENTRIESREAD"u8))
            {
                if (!x.TryInteger(++i, out entriesRead)) return false;
                if (entriesRead >= 0 || entriesRead == StreamGroup.EntriesUnknown) continue;
                x.Reply.Error("ERR value for ENTRIESREAD must be positive or -1"u8);
                return false;
            }
            else
            {
                x.Reply.Error(Errors.SubcommandSyntax("XGROUP", x.Args[1]));
                return false;
            }
        }
        return true;
    }

    /// <summary>An option that comes again is no error by itself; as in redis-server the words are counted in the end.</summary>
    private static bool HasWordsUpTo(Execution x, int count)
    {
        if (x.Args.Count <= count) return true;
        x.Reply.Error(Errors.SubcommandSyntax("XGROUP", x.Args[1]));
        return false;
    }

    private static bool TryOpen(Execution x, bool mayBeAbsent, out Key key)
    {
        if (!StreamArgument.TryWrite(x, 2, out key)) return false;
        if (key.Exists || mayBeAbsent) return true;
        x.Reply.Error("ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically."u8);
        return false;
    }

    private static bool TryOpenGroup(Execution x, out Key key, out StreamGroup group)
    {
        group = default;
        if (!TryOpen(x, mayBeAbsent: false, out key)) return false;
        if (StreamValue.TryEditGroup(ref key, x.Args[3], out group)) return true;
        GroupArgument.RefuseGroup(x);
        return false;
    }

    /// <summary>The fifth word: an identifier, or $ for that of the last entry.</summary>
    private static bool TryReadId(Execution x, in Key key, out StreamId id)
    {
        if (x.Args[4] is not [(byte)'$']) return StreamArgument.TryId(x, 4, out id);
        id = key.Exists ? StreamValue.Head(in key).LastId : StreamId.Min;
        return true;
    }
}
