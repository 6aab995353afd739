using Galley.Api.Typed;
using Galley.Store.Commands;

namespace Galley.Api.Tests.Typed;

/// <summary>
/// Declarations with every form that the grammars of Redis have, lists, hashes, sorted sets, streams and scripts among
/// them, so that the derived bodies can be tried apart from the commands of the day. Nobody runs them.
/// </summary>
internal static class LaterCommands
{
    private const string Units = "(M | KM | FT | MI)";

    public static TypedOperations Operations { get; } = new(CommandTable.FromTypes([typeof(LaterCommands)]));

    [Command("SET", "key value [NX | XX] [GET] [EX seconds:integer | EXAT unix-time-seconds:unix-time | KEEPTTL]", Group.String, Flags.Write,
        Since = "1.0.0", Cost = "O(1)", Summary = "A choice of options.")]
    [Command("MSETEX", "numkeys:integer key value [key value ...] [NX | XX]", Group.String, Flags.Write,
        Since = "1.0.0", Cost = "O(N)", Summary = "Counted pairs.")]
    [Command("LMOVE", "source:key destination:key (LEFT | RIGHT) (LEFT | RIGHT)", Group.List, Flags.Write,
        Since = "1.0.0", Cost = "O(1)", Summary = "The same choice twice.")]
    [Command("LMPOP", "numkeys:integer key [key ...] (LEFT | RIGHT) [COUNT count:integer]", Group.List, Flags.Write,
        Since = "1.0.0", Cost = "O(N)", Summary = "Counted keys.")]
    [Command("HPEXPIRE", "key milliseconds:integer [NX | XX | GT | LT] FIELDS numfields:integer field [field ...]", Group.Hash, Flags.Write,
        Since = "1.0.0", Cost = "O(N)", Summary = "Counted fields after a word that is always there.")]
    [Command("HSETEX", "key [FNX | FXX] [EX seconds:integer | KEEPTTL] (FIELDS numfields:integer field value [field value ...])", Group.Hash, Flags.Write,
        Since = "1.0.0", Cost = "O(N)", Summary = "Counted pairs in a bracket.")]
    [Command("HRANDFIELD", "key [count:integer [WITHVALUES]]", Group.Hash, Flags.ReadOnly,
        Since = "1.0.0", Cost = "O(N)", Summary = "An option of an option.")]
    [Command("ZADD", "key [NX | XX] [GT | LT] [CH] [INCR] score:double member [score:double member ...]", Group.SortedSet, Flags.Write,
        Since = "1.0.0", Cost = "O(log N)", Summary = "Pairs of a number and a text.")]
    [Command("ZUNION", "numkeys:integer key [key ...] [WEIGHTS weight:integer [weight:integer ...]] [AGGREGATE (SUM | MIN | MAX)] [WITHSCORES]",
        Group.SortedSet, Flags.ReadOnly, Since = "1.0.0", Cost = "O(N)", Summary = "A repeated value after one word.")]
    [Command("ZRANGE", "key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset:integer count:integer] [WITHSCORES]", Group.SortedSet, Flags.ReadOnly,
        Since = "1.0.0", Cost = "O(N)", Summary = "A block after a word.")]
    [Command("XADD", "key [NOMKSTREAM] [(MAXLEN | MINID) [= | ~] threshold [LIMIT count:integer]] (* | id) field value [field value ...]",
        Group.Stream, Flags.Write, Since = "1.0.0", Cost = "O(1)", Summary = "Signs, and parts that come together.")]
    [Command("XREAD", "[COUNT count:integer] [BLOCK milliseconds:integer] STREAMS key... id...", Group.Stream, Flags.ReadOnly,
        Since = "1.0.0", Cost = "O(N)", Summary = "Two lists side by side.")]
    [Command("XGROUP|CREATE", "key group (id | $) [MKSTREAM] [ENTRIESREAD entries-read:integer]", Group.Stream, Flags.Write,
        Since = "1.0.0", Cost = "O(1)", Summary = "A subcommand.")]
    [Command("GEOADD", "key [NX | XX] [CH] longitude:double latitude:double member [longitude:double latitude:double member ...]", Group.Geo, Flags.Write,
        Since = "1.0.0", Cost = "O(log N)", Summary = "Three by three.")]
    [Command("GEOSEARCH", "key (FROMMEMBER member | FROMLONLAT longitude:double latitude:double) (BYRADIUS radius:double " + Units
        + " | BYBOX width:double height:double " + Units + ") [ASC | DESC] [COUNT count:integer [ANY]] [WITHCOORD]", Group.Geo, Flags.ReadOnly,
        Since = "1.0.0", Cost = "O(N)", Summary = "Choices of blocks.")]
    [Command("SORT", "key [BY by-pattern:pattern] [LIMIT offset:integer count:integer] [GET get-pattern:pattern [GET get-pattern:pattern ...]] [ASC | DESC]"
        + " [ALPHA] [STORE destination:key]", Group.Generic, Flags.Write, Since = "1.0.0", Cost = "O(N)", Summary = "A word before each value.",
        Keys = "RO ACCESS;OW UPDATE")]
    [Command("EVAL", "script numkeys:integer [key ...] [arg ...]", Group.Scripting, Flags.NoScript,
        Since = "1.0.0", Cost = "O(1)", Summary = "A count that may be nought.")]
    [Command("BITFIELD", "key [GET encoding offset | [OVERFLOW (WRAP | SAT | FAIL)] (SET encoding offset value:integer | INCRBY encoding offset increment:integer)]...",
        Group.Bitmap, Flags.Write, Since = "1.0.0", Cost = "O(1)", Summary = "Operations in a row.")]
    public static void Run(Execution x) => throw new NotSupportedException(x.CommandName);
}
