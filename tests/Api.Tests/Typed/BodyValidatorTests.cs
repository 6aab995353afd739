using System.Text.Json;
using FluentValidation.Results;
using Galley.Api.Typed;
using Xunit;

namespace Galley.Api.Tests.Typed;

public sealed class BodyValidatorTests
{
    [Theory]
    [InlineData("set", "[]", "", "must be a JSON object")]
    [InlineData("set", """{"key":"k"}""", "/value", "is required")]
    [InlineData("set", """{"key":"k","value":"v","ttl":1}""", "/ttl", "is not a field here: there are key, value, nx, xx, get, ex, exat, keepttl")]
    [InlineData("set", """{"key":"k","value":"v","a/b~c":1}""", "/a~1b~0c", "is not a field here")]
    [InlineData("set", """{"key":"k","value":5}""", "/value", "must be a string")]
    [InlineData("set", """{"key":"k","value":null}""", "/value", "must be a string")]
    [InlineData("set", """{"key":"k","value":["v"]}""", "/value", "must be a string")]
    [InlineData("set", """{"key":"k","value":"\ud800"}""", "/value", "must be a string")]
    [InlineData("set", """{"key":"k","value":{"b64":"?"}}""", "/value", "must be a string")]
    [InlineData("set", """{"key":"k","value":{"b64":"AA==","x":1}}""", "/value", "must be a string")]
    [InlineData("set", """{"key":"k","value":"v","nx":"yes"}""", "/nx", "must be true or false")]
    [InlineData("set", """{"key":"k","value":"v","nx":true,"xx":true}""", "/xx", "cannot stand together with nx")]
    [InlineData("set", """{"key":"k","value":"v","ex":1,"keepttl":true}""", "/keepttl", "cannot stand together with ex")]
    [InlineData("set", """{"key":"k","value":"v","ex":1.5}""", "/ex", "must be an integer")]
    [InlineData("set", """{"key":"k","value":"v","ex":1e3}""", "/ex", "must be an integer")]
    [InlineData("set", """{"key":"k","value":"v","ex":"018"}""", "/ex", "must be an integer")]
    [InlineData("set", """{"key":"k","value":"v","ex":18446744073709551616}""", "/ex", "must be an integer")]
    [InlineData("set", """{"key":"k","value":"v","ex":"-9223372036854775809"}""", "/ex", "must be an integer")]
    [InlineData("set", """{"key":"k","value":"v","exat":-1}""", "/exat", "must be a Unix time")]
    [InlineData("set", """{"key":"k","value":"v","exat":"2030-01-01"}""", "/exat", "must be a Unix time")]
    [InlineData("set", """{"key":"k","value":"v","exat":9223372036854775808}""", "/exat", "must be a Unix time")]
    [InlineData("msetex", """{"pairs":[]}""", "/pairs", "must have at least one element")]
    [InlineData("msetex", """{"pairs":{"key":"a","value":"b"}}""", "/pairs", "must be an array")]
    [InlineData("msetex", """{"pairs":[{"key":"a","value":"1"},{"key":"b"}]}""", "/pairs/1/value", "is required")]
    [InlineData("msetex", """{"pairs":[7]}""", "/pairs/0", "must be a JSON object")]
    [InlineData("msetex", """{"numkeys":1,"pairs":[{"key":"a","value":"1"}]}""", "/numkeys", "is not a field here")]
    [InlineData("lmpop", """{"keys":["a"]}""", "", "needs one of the fields left, right")]
    [InlineData("lmpop", """{"keys":["a"],"left":false,"right":false}""", "", "needs one of the fields left, right")]
    [InlineData("hrandfield", """{"key":"h","withvalues":true}""", "/count", "is required")]
    [InlineData("zadd", """{"key":"z","pairs":[{"score":"nan","member":"a"}]}""", "/pairs/0/score", "must be a number")]
    [InlineData("zadd", """{"key":"z","pairs":[{"score":1e999,"member":"a"}]}""", "/pairs/0/score", "must be a number")]
    [InlineData("zadd", """{"key":"z","pairs":[{"score":true,"member":"a"}]}""", "/pairs/0/score", "must be a number")]
    [InlineData("zunion", """{"keys":["a"],"aggregate":"AVG"}""", "/aggregate", "must be one of the words SUM, MIN, MAX")]
    [InlineData("zrange", """{"key":"z","start":"0","stop":"1","limit":{"offset":0}}""", "/limit/count", "is required")]
    [InlineData("xadd", """{"key":"s","pairs":[{"field":"f","value":"v"}]}""", "", "needs one of the fields auto, id")]
    [InlineData("xadd", """{"key":"s","auto":true,"threshold":"1","pairs":[{"field":"f","value":"v"}]}""", "", "needs one of the fields maxlen, minid")]
    [InlineData("xadd", """{"key":"s","auto":true,"maxlen":true,"pairs":[{"field":"f","value":"v"}]}""", "/threshold", "is required")]
    [InlineData("xread", """{"keys":["s"]}""", "/ids", "is required")]
    [InlineData("geosearch", """{"key":"g","frommember":"m","byradius":{"radius":1,"km":true,"m":true}}""", "/byradius/km", "cannot stand together with m")]
    [InlineData("geosearch", """{"key":"g","frommember":"m","byradius":{"radius":1}}""", "/byradius", "needs one of the fields m, km, ft, mi")]
    [InlineData("bitfield", """{"key":"b","items":[{}]}""", "/items/0", "needs one of the fields get, overflow")]
    public void What_does_not_fit_is_said_with_its_place(string name, string body, string pointer, string message)
    {
        ValidationFailure failure = Assert.Single(Failures(name, body));

        Assert.Equal(pointer, failure.PropertyName);
        Assert.StartsWith(message, failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_missing_is_said_at_once() =>
        Assert.Equal(["/key", "/value"], Failures("set", "{}").Select(failure => failure.PropertyName));

    [Fact]
    public void A_body_full_of_mistakes_does_not_get_as_long_an_answer() =>
        Assert.Equal(16, Failures("lmpop", $$"""{"keys":[{{string.Join(',', Enumerable.Range(0, 10_000))}}],"left":true}""").Count);

    private static List<ValidationFailure> Failures(string name, string body)
    {
        Assert.True(LaterCommands.Operations.TryFind(name, out TypedOperation? operation));
        using JsonDocument json = JsonDocument.Parse(body);
        return operation.Check(json.RootElement);
    }
}
