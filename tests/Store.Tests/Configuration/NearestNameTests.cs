using Galley.Store.Configuration;
using Xunit;

namespace Galley.Store.Tests.Configuration;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["get", "copy", "zrange", "hset", "maxmemory"];

    [Theory]
    [InlineData("gte", "get")]
    [InlineData("GTE", "get")]
    [InlineData("gett", "get")]
    [InlineData("hst", "hset")]
    [InlineData("zrnage", "zrange")]
    [InlineData("zragne", "zrange")]
    [InlineData("maxmemroi", "maxmemory")]
    public void A_slip_is_found(string name, string nearest) => Assert.Equal(nearest, NearestName.Of(name, Names));

    [Theory]
    [InlineData("nope")]
    [InlineData("json.set")]
    [InlineData("teg")]
    [InlineData("x")]
    [InlineData("")]
    public void Another_word_is_no_slip(string name) => Assert.Null(NearestName.Of(name, Names));
}
