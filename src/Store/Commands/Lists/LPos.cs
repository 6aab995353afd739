using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Lists;

internal static class LPos
{
    [Command("LPOS", "key element [RANK rank:integer] [COUNT num-matches:integer] [MAXLEN len:integer]", Group.List, Flags.ReadOnly,
        Since = "6.0.6", Cost = "O(N) in the elements looked at",
        Summary = "Tells where a list holds an element.")]
    public static void Run(Execution x)
    {
        if (!TryReadOptions(x, out Options options)) return;
        if (!ListArgument.TryRead(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            if (options.HasCount) x.Reply.Array(0);
            else x.Reply.Null();
            return;
        }
        Search(x, in key, options);
    }

    private static void Search(Execution x, in Key key, Options options)
    {
        long count = ListValue.Count(in key);
        long limit = options.LengthMax == 0 ? count : Math.Min(options.LengthMax, count);
        bool isBackward = options.Rank < 0;
        // The least rank of all has no opposite; as in redis-server, it skips nothing.
        long skips = options.Rank == long.MinValue ? 0 : Math.Abs(options.Rank) - 1;
        var match = new ListSearch.Match(x.Args[2]);
        Deferred start = options.HasCount ? x.Reply.BeginDeferred() : default;
        int found = 0;
        ListWalk walk = ListValue.Walk(in key, isBackward ? count - 1 : 0, isBackward);
        for (long i = 0; i < limit && walk.TryNext(out ListPackElement element); i++)
        {
            if (!match.Is(element) || skips-- > 0) continue;
            x.Reply.Integer(isBackward ? count - 1 - i : i);
            found++;
            if (!options.HasCount || found == options.MatchesMax) break;
        }
        if (options.HasCount) x.Reply.EndArray(start, found);
        else if (found == 0) x.Reply.Null();
    }

    private static bool TryReadOptions(Execution x, out Options options)
    {
        options = new Options { Rank = 1 };
        for (int i = 3; i < x.Args.Count; i += 2)
        {
            if (i + 1 == x.Args.Count) return Refuse(x, Errors.Syntax);
            if (x.Is(i, "RANK"u8))
            {
                if (!TryReadRank(x, i + 1, out options.Rank)) return false;
            }
            else if (x.Is(i, "COUNT"u8))
            {
                options.HasCount = true;
                if (!x.TryNotNegative(i + 1, "ERR COUNT can't be negative"u8, out options.MatchesMax)) return false;
            }
            else if (x.Is(i, "MAXLEN"u8))
            {
                if (!x.TryNotNegative(i + 1, "ERR MAXLEN can't be negative"u8, out options.LengthMax)) return false;
            }
            else return Refuse(x, Errors.Syntax);
        }
        return true;
    }

    private static bool TryReadRank(Execution x, int argument, out long rank)
    {
        if (!x.TryInteger(argument, out rank)) return false;
        return rank != 0 || Refuse(x, "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... "u8
            + "or use negative to start from the end of the list"u8);
    }

    private static bool Refuse(Execution x, ReadOnlySpan<byte> error)
    {
        x.Reply.Error(error);
        return false;
    }

    private struct Options
    {
        public long Rank;
        public bool HasCount;

        /// <summary>0: all of them.</summary>
        public long MatchesMax;

        /// <summary>Elements to look at; 0: all of them.</summary>
        public long LengthMax;
    }
}
