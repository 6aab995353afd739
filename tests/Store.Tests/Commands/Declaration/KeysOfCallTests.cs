using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Declaration;

public sealed class KeysOfCallTests
{
    private static readonly CommandTable Table = CommandTable.FromTypes([typeof(Sample)]);

    [Theory]
    [InlineData("get a", "a=RO+Access")]
    [InlineData("mset a 1 b 2", "a=OW+Update b=OW+Update")]
    [InlineData("blpop a b 0", "a=RW+Access+Delete b=RW+Access+Delete")]
    [InlineData("lmove a b LEFT LEFT", "a=RW+Access+Delete b=RW+Insert")]
    [InlineData("lcs a b IDX", "a=RO+Access b=RO+Access")]
    [InlineData("set a 1", "a=OW+Update")]
    [InlineData("set a 1 EX 5 get", "a=RW+Access+Update")]
    [InlineData("set get get", "get=OW+Update")]
    [InlineData("zunionstore d 2 a b AGGREGATE MAX", "d=OW+Update a=RO+Access b=RO+Access")]
    [InlineData("msetex 2 a 1 b 2 NX", "a=OW+Update b=OW+Update")]
    [InlineData("xread COUNT 1 streams a b 0 0", "a=RO+Access b=RO+Access")]
    [InlineData("georadius a 1 1 1 m STORE b", "a=RO+Access b=OW+Update")]
    [InlineData("georadiusbymember a m 1 m STORE b", "a=RO+Access b=OW+Update")]
    [InlineData("georadiusbymember a m 1 m STORE b STORE c", "a=RO+Access c=OW+Update")]
    [InlineData("georadiusbymember a m 1 m STORE STORE STOREDIST c", "a=RO+Access STORE=OW+Update c=OW+Update")]
    [InlineData("sort a BY store GET x STORE b", "a=RO+Access b=OW+Update")]
    [InlineData("sort a LIMIT 0 store", "a=RO+Access")]
    [InlineData("migrate h 1 k 0 1 KEYS a b", "k=RW+Access+Delete a=RW+Access+Delete+Incomplete b=RW+Access+Delete+Incomplete")]
    [InlineData("eval script 0", "")]
    public void Finds_the_keys_and_what_is_done_with_them(string call, string keys) => Assert.Equal(keys, Find(call, out _));

    [Theory]
    [InlineData("zunionstore d 3 a b")]
    [InlineData("zunionstore d -1 a b")]
    [InlineData("zunionstore d two a b")]
    [InlineData("zunionstore d 99999999999 a b")]
    [InlineData("eval script 9223372036854775807")]
    [InlineData("msetex 2147483647 a 1")]
    public void Notes_a_count_of_keys_that_does_not_fit(string call)
    {
        Find(call, out bool isMisfit);
        Assert.True(isMisfit);
    }

    private static string Find(string call, out bool isMisfit)
    {
        Arguments args = Arguments.Of(Array.ConvertAll(call.Split(' '), Encoding.ASCII.GetBytes));
        Assert.True(Table.TryFind(in args, out CommandInfo? command));
        var found = new List<string>();
        KeysOfCall keys = command!.KeysOf(in args);
        while (keys.MoveNext())
            found.Add($"{Encoding.ASCII.GetString(args[keys.Current.Argument])}={keys.Current.Access.ToString().Replace(", ", "+")}");
        isMisfit = keys.IsMisfit;
        return string.Join(' ', found);
    }

    private static class Sample
    {
        private const string Since = "1.0.0";

        [Command("GET", "key", Group.String, Flags.ReadOnly, Since = Since, Cost = "", Summary = "")]
        [Command("MSET", "key value [key value ...]", Group.String, Flags.Write, Keys = "OW UPDATE", Since = Since, Cost = "", Summary = "")]
        [Command("BLPOP", "key [key ...] timeout:double", Group.List, Flags.Write, Keys = "RW ACCESS DELETE", Since = Since, Cost = "", Summary = "")]
        [Command("LMOVE", "source:key destination:key (LEFT | RIGHT) (LEFT | RIGHT)", Group.List, Flags.Write,
            Keys = "RW ACCESS DELETE; RW INSERT", Since = Since, Cost = "", Summary = "")]
        [Command("LCS", "key1:key key2:key [IDX]", Group.String, Flags.ReadOnly, Since = Since, Cost = "", Summary = "")]
        [Command("SET", "key value [GET] [EX seconds:integer]", Group.String, Flags.Write,
            Keys = "RW ACCESS UPDATE VARIABLE_FLAGS, OW UPDATE without GET -- because of GET", Since = Since, Cost = "", Summary = "")]
        [Command("ZUNIONSTORE", "destination:key numkeys:integer key [key ...] [AGGREGATE (MIN | MAX)]", Group.SortedSet, Flags.Write,
            Keys = "OW UPDATE; RO ACCESS", Since = Since, Cost = "", Summary = "")]
        [Command("MSETEX", "numkeys:integer key value [key value ...] [NX | XX]", Group.String, Flags.Write, Keys = "OW UPDATE",
            Since = Since, Cost = "", Summary = "")]
        [Command("XREAD", "[COUNT count:integer] STREAMS key... id...", Group.Stream, Flags.ReadOnly, Since = Since, Cost = "", Summary = "")]
        [Command("GEORADIUS", "key longitude:double latitude:double radius:double (M | KM) [STORE key | STOREDIST key]", Group.Geo,
            Flags.Write, Keys = "RO ACCESS; OW UPDATE; OW UPDATE", Since = Since, Cost = "", Summary = "")]
        [Command("GEORADIUSBYMEMBER", "key member radius:double (M | KM) [STORE key] [STOREDIST key]", Group.Geo, Flags.Write,
            Keys = "RO ACCESS; OW UPDATE LAST; OW UPDATE LAST", Since = Since, Cost = "", Summary = "")]
        [Command("SORT", "key [BY pattern] [LIMIT offset:integer count:integer] [GET pattern [GET pattern ...]] [STORE destination:key]",
            Group.Generic, Flags.Write, Keys = "RO ACCESS; RO ACCESS UNKNOWN; OW UPDATE ANYWHERE", Since = Since, Cost = "", Summary = "")]
        [Command("MIGRATE", "host port:integer (key | \"\") db:integer timeout:integer [KEYS key...]", Group.Generic, Flags.Write,
            Keys = "RW ACCESS DELETE; RW ACCESS DELETE INCOMPLETE from -2", Since = Since, Cost = "", Summary = "")]
        [Command("EVAL", "script numkeys:integer [key ...]", Group.Scripting, Flags.NoMandatoryKeys, Since = Since, Cost = "", Summary = "")]
        public static void Handle(Execution x) => throw new NotSupportedException();
    }
}
