namespace Galley.Store.Tests.Scripting.Lua.Libraries;

/// <summary>What redis-server 7.0.15 does not have: arrays that are still arrays when they are empty.</summary>
public sealed class JsonArrayTests
{
    [Theory]
    [InlineData("return cjson.encode(cjson.decode('{\"a\":[]}'))", "{\"a\":{}}")]
    [InlineData("cjson.decode_array_with_array_mt(true) return cjson.encode(cjson.decode('{\"a\":[]}'))", "{\"a\":[]}")]
    [InlineData("cjson.decode_array_with_array_mt('on') return cjson.encode(cjson.decode('[[],{},[1,[null]]]'))", "[[],{},[1,[null]]]")]
    [InlineData("cjson.decode_array_with_array_mt(true) local t = cjson.decode('[]') t[2] = 'x' t[1] = 1 return cjson.encode(t)", "[1,\"x\"]")]
    [InlineData("return tostring(cjson.decode_array_with_array_mt()) .. tostring(cjson.decode_array_with_array_mt(true)) .. tostring(cjson.new().decode_array_with_array_mt())", "falsetruefalse")]
    public void A_marked_array_is_written_as_one(string script, string expected) => Assert.Equal(expected, new LibraryState().Run(script));
}
