using System.Text;
using System.Text.Json;
using Galley.Api.Doors;
using Galley.Api.Typed;
using Xunit;

namespace Galley.Api.Tests.Typed;

public sealed class BodyWordsTests
{
    [Theory]
    [InlineData("set", """{"key":"k","value":"v"}""", "SET k v")]
    [InlineData("set", """{"ex":60,"nx":true,"value":"v","key":"k"}""", "SET k v NX EX 60")]
    [InlineData("set", """{"key":"k","value":"v","nx":false,"get":true,"exat":"4102444800"}""", "SET k v GET EXAT 4102444800")]
    [InlineData("set", """{"key":"k","value":{"b64":"AP9h"},"keepttl":true}""", "SET k \\x00\\xffa KEEPTTL")]
    [InlineData("set", """{"key":"","value":"é\u20ac"}""", "SET  \\xc3\\xa9\\xe2\\x82\\xac")]
    [InlineData("msetex", """{"pairs":[{"key":"a","value":"1"},{"value":"2","key":"b"}],"xx":true}""", "MSETEX 2 a 1 b 2 XX")]
    [InlineData("lmove", """{"source":"a","destination":"b","left":true,"right2":true}""", "LMOVE a b LEFT RIGHT")]
    [InlineData("lmpop", """{"keys":["a","b"],"right":true,"count":9007199254740993}""", "LMPOP 2 a b RIGHT COUNT 9007199254740993")]
    [InlineData("hpexpire", """{"key":"h","milliseconds":5,"gt":true,"fields":["f","g"]}""", "HPEXPIRE h 5 GT FIELDS 2 f g")]
    [InlineData("hsetex", """{"key":"h","ex":9,"fields":[{"field":"f","value":"1"}]}""", "HSETEX h EX 9 FIELDS 1 f 1")]
    [InlineData("hrandfield", """{"key":"h"}""", "HRANDFIELD h")]
    [InlineData("hrandfield", """{"key":"h","count":-2,"withvalues":true}""", "HRANDFIELD h -2 WITHVALUES")]
    [InlineData("zadd", """{"key":"z","gt":true,"ch":true,"pairs":[{"score":1.50,"member":"a"},{"score":"-inf","member":"b"}]}""", "ZADD z GT CH 1.50 a -inf b")]
    [InlineData("zunion", """{"keys":["a","b"],"weights":[1,"2"],"aggregate":"MAX","withscores":true}""", "ZUNION 2 a b WEIGHTS 1 2 AGGREGATE MAX WITHSCORES")]
    [InlineData("zunion", """{"keys":["a"],"weights":[],"aggregate":"min"}""", "ZUNION 1 a AGGREGATE MIN")]
    [InlineData("zrange", """{"key":"z","start":"0","stop":"-1","limit":{"offset":0,"count":2},"rev":true}""", "ZRANGE z 0 -1 REV LIMIT 0 2")]
    [InlineData("xadd", """{"key":"s","auto":true,"pairs":[{"field":"f","value":"v"}]}""", "XADD s * f v")]
    [InlineData("xadd", """{"key":"s","maxlen":true,"approximate":true,"threshold":"9","limit":3,"id":"1-1","pairs":[{"field":"f","value":"v"}]}""", "XADD s MAXLEN ~ 9 LIMIT 3 1-1 f v")]
    [InlineData("xread", """{"keys":["s","t"],"ids":["0","$"],"count":2}""", "XREAD COUNT 2 STREAMS s t 0 $")]
    [InlineData("xgroup/create", """{"key":"s","group":"g","last":true,"mkstream":true}""", "XGROUP CREATE s g $ MKSTREAM")]
    [InlineData("geoadd", """{"key":"g","items":[{"longitude":1,"latitude":2.5,"member":"m"}]}""", "GEOADD g 1 2.5 m")]
    [InlineData("geosearch", """{"key":"g","fromlonlat":{"longitude":1,"latitude":2},"byradius":{"radius":9,"km":true},"asc":true,"count":{"count":5,"any":true}}""",
        "GEOSEARCH g FROMLONLAT 1 2 BYRADIUS 9 KM ASC COUNT 5 ANY")]
    [InlineData("sort", """{"key":"l","by":"w_*","limit":{"offset":0,"count":1},"get":["a_*","#"],"alpha":true,"store":"d"}""",
        "SORT l BY w_* LIMIT 0 1 GET a_* GET # ALPHA STORE d")]
    [InlineData("eval", """{"script":"return 1"}""", "EVAL return 1 0")]
    [InlineData("eval", """{"script":"s","keys":["k"],"args":["a","b"]}""", "EVAL s 1 k a b")]
    [InlineData("bitfield", """{"key":"b","items":[{"get":{"encoding":"u8","offset":"0"}},{"overflow":"SAT","incrby":{"encoding":"u2","offset":"1","increment":1}}]}""",
        "BITFIELD b GET u8 0 OVERFLOW SAT INCRBY u2 1 1")]
    public void A_body_becomes_the_words_of_the_command(string name, string body, string words) => Assert.Equal(words, WordsOf(name, body));

    internal static string WordsOf(string name, string body)
    {
        Assert.True(LaterCommands.Operations.TryFind(name, out TypedOperation? operation));
        using JsonDocument json = JsonDocument.Parse(body);
        Assert.Empty(operation.Check(json.RootElement).Select(failure => $"{failure.PropertyName} {failure.ErrorMessage}"));
        var batch = new CommandBatch();
        operation.AddTo(batch, json.RootElement);
        Assert.Equal(1, batch.Count);
        return string.Join(' ', Enumerable.Range(0, batch[0].Count).Select(i => Printable(batch[0][i])));
    }

    private static string Printable(ReadOnlySpan<byte> word)
    {
        var text = new StringBuilder();
        foreach (byte b in word) text.Append(b is >= 32 and < 127 ? ((char)b).ToString() : $"\\x{b:x2}");
        return text.ToString();
    }
}
