using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XNACK: a consumer gives pending entries back to its group, and the next who claims gets them.</summary>
internal static class XNack
{
    /// <summary>When an entry that was given back counts as delivered: so long ago that anybody may have it.</summary>
    private const long ReleasedAtMs = 0;

    private enum Mode : byte
    {
        /// <summary>The delivery counts as if it had not been.</summary>
        Silent,

        /// <summary>It counts.</summary>
        Fail,

        /// <summary>It counts more than all.</summary>
        Fatal,
    }

    [Command("XNACK", "key group (SILENT | FAIL | FATAL) (IDS numids:integer id...) [RETRYCOUNT count:integer] [FORCE]", Group.Stream,
        Flags.Write | Flags.Fast, Since = "8.8.0", Cost = "O(log N) for each identifier", Summary = "Gives pending entries back to their group.")]
    public static void Run(Execution x)
    {
        if (!TryReadOptions(x, out Mode mode, out IdList ids, out long retryCount, out bool isForced)) return;
        if (!GroupArgument.TryEdit(x, out Key key, out StreamGroup group)) return;
        int released = 0;
        for (int i = 0; i < ids.Count; i++)
        {
            StreamId id = ids.At(x, i);
            bool isPending = group.TryGetPending(id, out PendingEntry pending);
            if (!isPending && (!isForced || !StreamValue.Contains(in key, id))) continue;
            group.Release(id, ReleasedAtMs, retryCount >= 0 ? retryCount : CountAfter(mode, isPending ? pending.DeliveryCount : 0));
            released++;
        }
        if (released > 0)
        {
            x.ChangedBeside(in key);
            // Who waits with CLAIM may have them.
            x.Server.Blocking.Signal(key.DatabaseId, key.Name);
        }
        x.Reply.Integer(released);
    }

    private static long CountAfter(Mode mode, long count) => mode switch
    {
        Mode.Silent => Math.Max(0, count - 1),
        Mode.Fail => count,
        _ => PendingCounts.Fatal,
    };

    private static bool TryReadOptions(Execution x, out Mode mode, out IdList ids, out long retryCount, out bool isForced)
    {
        (ids, retryCount, isForced) = (default, -1, false);
        if (!TryReadMode(x, out mode)) return Refuse(x);
        for (int i = 4; i < x.Args.Count;)
        {
            if (ids.Count == 0 && x.Is(i, "IDS"u8))
            {
                if (!IdList.TryRead(x, i, out ids)) return false;
                i = ids.End;
            }
            else if (i + 1 < x.Args.Count && x.Is(i, "RETRYCOUNT"u8))
            {
                if (!x.TryNotNegative(i + 1, "ERR RETRYCOUNT must be a non-negative integer"u8, out retryCount)) return false;
                i += 2;
            }
            else if (x.Is(i, "FORCE"u8))
            {
                isForced = true;
                i++;
            }
            else return Refuse(x);
        }
        return ids.Count > 0 || Refuse(x);
    }

    private static bool TryReadMode(Execution x, out Mode mode)
    {
        mode = Mode.Silent;
        if (x.Is(3, "SILENT"u8)) return true;
        mode = x.Is(3, "FAIL"u8) ? Mode.Fail : Mode.Fatal;
        return mode == Mode.Fail || x.Is(3, "FATAL"u8);
    }

    private static bool Refuse(Execution x)
    {
        x.Reply.Error(Errors.Syntax);
        return false;
    }
}
