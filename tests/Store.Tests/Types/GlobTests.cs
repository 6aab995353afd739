using System.Diagnostics;
using System.Text;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class GlobTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", false)]
    [InlineData("h?llo", "hello", true)]
    [InlineData("h?llo", "hllo", false)]
    [InlineData("h*llo", "heeeello", true)]
    [InlineData("h[ae]llo", "hallo", true)]
    [InlineData("h[ae]llo", "hillo", false)]
    [InlineData("h[^e]llo", "hallo", true)]
    [InlineData("h[^e]llo", "hello", false)]
    [InlineData("h[a-c]llo", "hbllo", true)]
    [InlineData("h[c-a]llo", "hbllo", true)]
    [InlineData("h[a-c]llo", "hdllo", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a\\", "a\\", true)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[abc", "a", true)]
    [InlineData("*a*b*c", "xxaxxbxxc", true)]
    [InlineData("*a*b*c", "xxaxxbxx", false)]
    [InlineData("a**b", "ab", true)]
    [InlineData("news.*", "news.", true)]
    [InlineData("*.tech", "news.tech", true)]
    public void Patterns_match_as_in_redis(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Glob.IsMatch(Encoding.Latin1.GetBytes(pattern), Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void Many_stars_cost_no_more_than_pattern_times_text()
    {
        byte[] pattern = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("*a", 1000)) + "b");
        byte[] text = Encoding.ASCII.GetBytes(new string('a', 20_000));
        long started = Stopwatch.GetTimestamp();
        Assert.False(Glob.IsMatch(pattern, text));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "exponential time");
    }
}
